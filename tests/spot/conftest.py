"""These tests run under the settings of one program; see tests/settings.py. IDM's part is played over real HTTP."""

import json
from pathlib import Path

import pytest

from tests.settings import use_program

use_program("spot")


@pytest.fixture(scope="session")
def client_key_file(tmp_path_factory) -> Path:
    from bailiwick.spot.identity.client import create_development_client_key

    path = tmp_path_factory.mktemp("keys") / "spot-client.json"
    create_development_client_key(path)
    return path


@pytest.fixture(scope="session")
def _provider():
    from tests.spot.provider import Provider

    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(_provider, client_key_file, settings, monkeypatch):
    """The identity provider, answering rightly; and SPOT pointed at it, with nothing remembered of earlier tests."""
    from joserfc.jwk import ECKey

    from bailiwick.spot.identity import calls, discovery, keys

    if not _provider.is_running:
        _provider.start()
    _provider.reset()
    public = json.loads(client_key_file.with_suffix(".public.json").read_text())["keys"][0]
    _provider.client_key = ECKey.import_key(public)
    monkeypatch.setattr(settings.ENVIRONMENT, "idm_url", _provider.url)
    monkeypatch.setattr(settings.ENVIRONMENT, "client_key_file", client_key_file)
    discovery.forget()
    keys.forget()
    calls.forget()
    yield _provider
    if not _provider.is_running:
        _provider.start()
