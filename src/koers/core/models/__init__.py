"""What core stores: audit, jobs, imports, external ids, rates, saved views and data versions."""

from koers.core.models.audit import AuditEntry
from koers.core.models.audit_seal import AuditSeal
from koers.core.models.data_version import DataVersion
from koers.core.models.exchange_rate import ExchangeRate
from koers.core.models.external_id import ExternalId, SourceSystem
from koers.core.models.idempotent_request import IdempotentRequest
from koers.core.models.import_run import ImportChange, ImportProfile, ImportRejection, ImportRun
from koers.core.models.job import Job
from koers.core.models.record import ImportedRecord, VersionedRecord
from koers.core.models.record_read import RecordRead
from koers.core.models.saved_view import SavedView

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "DataVersion",
    "ExchangeRate",
    "ExternalId",
    "IdempotentRequest",
    "ImportChange",
    "ImportProfile",
    "ImportRejection",
    "ImportRun",
    "ImportedRecord",
    "Job",
    "RecordRead",
    "SavedView",
    "SourceSystem",
    "VersionedRecord",
]
