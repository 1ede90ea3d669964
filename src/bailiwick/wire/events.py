"""Names of events that travel between the programs."""

BACKCHANNEL_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
