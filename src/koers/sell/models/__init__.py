"""What is stored of selling: orders with their lines, quotes, opportunities, activities."""

from koers.sell.models.activity import Activity, ActivityKind, ActivityOutcome, ActivityStatus
from koers.sell.models.approach import (
    BuyingSituation,
    CentreDepth,
    SellingChannel,
    SellingRole,
    SellingTemplate,
)
from koers.sell.models.buying_centre import BuyingCentreMember, BuyingRole, Stance
from koers.sell.models.calendar_feed import CalendarFeed
from koers.sell.models.call_question import CallQuestion, QuestionKind
from koers.sell.models.lead import Lead, LeadSource, LeadStatus
from koers.sell.models.lead_rule import LeadRule, LeadTurn
from koers.sell.models.need import Need, NeedKind, NeedStatus
from koers.sell.models.number_series import NumberSeries
from koers.sell.models.opportunity import Opportunity, StageChange
from koers.sell.models.order import Order, OrderLine
from koers.sell.models.pipeline import (
    GATE_FIELDS,
    ForecastCategory,
    GateField,
    Pipeline,
    Stage,
    StageKind,
)
from koers.sell.models.quote import Quote, QuoteLine, QuoteStatus
from koers.sell.models.vat import VatCode
from koers.sell.models.web_form import WebForm

__all__ = [
    "GATE_FIELDS",
    "Activity",
    "ActivityKind",
    "ActivityOutcome",
    "ActivityStatus",
    "BuyingCentreMember",
    "BuyingRole",
    "BuyingSituation",
    "CalendarFeed",
    "CallQuestion",
    "CentreDepth",
    "ForecastCategory",
    "GateField",
    "Lead",
    "LeadRule",
    "LeadSource",
    "LeadStatus",
    "LeadTurn",
    "Need",
    "NeedKind",
    "NeedStatus",
    "NumberSeries",
    "Opportunity",
    "Order",
    "OrderLine",
    "Pipeline",
    "QuestionKind",
    "Quote",
    "QuoteLine",
    "QuoteStatus",
    "SellingChannel",
    "SellingRole",
    "SellingTemplate",
    "Stage",
    "StageChange",
    "StageKind",
    "Stance",
    "VatCode",
    "WebForm",
]
