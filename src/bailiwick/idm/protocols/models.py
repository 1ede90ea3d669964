"""The tables of the machines' doors, gathered for Django."""

from bailiwick.idm.protocols.oidc.models import UsedAssertion

__all__ = ["UsedAssertion"]
