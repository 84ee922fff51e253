"""AsyncAPI 3 documents: what each service, the desk and the partners send and receive."""

from willkommen.contracts.asyncapi.applications import Application, applications
from willkommen.contracts.asyncapi.document import document

__all__ = ["Application", "applications", "document"]
