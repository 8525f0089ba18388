"""`alliance serve`: sessions over HTTP, on Starlette and uvicorn (the extra ``[serve]``)."""
