"""The API's pages under /api/docs. FastAPI's own page loads Swagger UI from another host; here it comes from the wheel of
`fastapi-offline` (MIT; Swagger UI is Apache-2.0), of which only the files are used.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

# validatorUrl: else Swagger UI sends the page's address to a validator on another host.
PARAMETERS = {"validatorUrl": None, "defaultModelsExpandDepth": 0, "tryItOutEnabled": True}


def assets() -> Path:
    """Where Swagger UI lies."""
    spec = find_spec("fastapi_offline")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "static"


def install(app: FastAPI) -> None:
    """Serve the page and its assets. Their addresses are relative, so that a proxy may put the app under a path."""
    app.mount("/api/docs/assets", StaticFiles(directory=assets()), name="docs-assets")

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url="openapi.json",
            title="预算问答助手：接口文档",
            swagger_js_url="docs/assets/swagger-ui-bundle.js",
            swagger_css_url="docs/assets/swagger-ui.css",
            swagger_favicon_url="docs/assets/favicon.png",
            swagger_ui_parameters=PARAMETERS,
        )
        return HTMLResponse(bytes(page.body).decode().replace("<html>", '<html lang="zh-CN">', 1))
