"""What is special to capabilities."""

from app.core.labels import LabelBook, Labelled


@LabelBook.publish
class IpForm(Labelled):
    """The form in which a capability's rights are held."""

    INVENTION = "invention", "发明专利", "Invention patent"
    UTILITY = "utility", "实用新型专利", "Utility model patent"
    DESIGN = "design", "外观设计专利", "Design patent"
    SOFTWARE = "software", "软件著作权", "Software copyright"
    IC_LAYOUT = "ic_layout", "集成电路布图设计", "IC layout design"
    KNOW_HOW = "know_how", "技术秘密", "Know-how"
    NONE = "none", "无", "None"
