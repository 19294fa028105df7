"""What can change, and how a change is told."""

from app.core.labels import LabelBook, Labelled


@LabelBook.publish
class ChangeKind(Labelled):
    """A kind of record that others may follow."""

    NEED = "need", "需求", "Need"
    CAPABILITY = "capability", "能力", "Capability"
    ORGANIZATION = "organization", "机构", "Organisation"


@LabelBook.publish
class ChangeType(Labelled):
    """What to do with one's own copy of a record."""

    UPSERTED = "upserted", "新增或更新", "Added or changed"
    GONE = "gone", "不再可见", "No longer to be seen"
