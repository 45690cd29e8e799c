"""Input of the content pages."""

from toli.content.forms.facts import FactFilterForm, FactForm, FactImportForm, OrderForm
from toli.content.forms.items import CertificateForm, FilterForm, ItemForm, SheetForm, initial_of
from toli.content.forms.media import AiForm, MediaFilterForm, MediaForm, PersonForm, PrintForm

__all__ = [
    "AiForm", "CertificateForm", "FactFilterForm", "FactForm", "FactImportForm", "FilterForm", "ItemForm",
    "MediaFilterForm", "MediaForm", "OrderForm", "PersonForm", "PrintForm", "SheetForm", "initial_of",
]  # fmt: skip
