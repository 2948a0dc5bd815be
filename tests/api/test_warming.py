"""What a process prepares before it is served."""

from __future__ import annotations

from api import Settings, create_app
from matcher.store import open_database
from tests.api.client import serving
from tests.databases import current_url
from tests.service import NOW, load_seeds


def test_a_process_that_is_warmed_has_compiled_every_template_before_it_answers() -> None:
    """In both languages; one that is not has compiled none; both answer."""
    with current_url("sqlite") as url:
        database = open_database(url)
        load_seeds(database)
        database.close()
        for is_warmed in (True, False):
            app = create_app(Settings(database_url=url), lambda: NOW, is_warmed)
            with serving(app) as client:
                for environment in app.state.templates.environments.values():
                    assert environment.cache is not None
                    known = {name for _, name in environment.cache}
                    assert known == (set(environment.list_templates()) if is_warmed else set())
                assert client.get("/ui/login").status_code == 200
