"""The building blocks of the voices, on numpy arrays."""

__all__: list[str] = []
