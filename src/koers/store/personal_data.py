"""Which fields of the online channel say something of a person? One line per model; see core/privacy/labels.py."""

from koers.core.privacy.labels import ModelLabels

LABELS: tuple[ModelLabels, ...] = ()
