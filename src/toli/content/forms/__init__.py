"""Input of the content pages."""

from toli.content.forms.facts import FactFilterForm, FactForm, FactImportForm, OrderForm
from toli.content.forms.items import CertificateForm, FilterForm, ItemForm, SheetForm, initial_of
from toli.content.forms.media import AiForm, MediaFilterForm, MediaForm, PersonForm, PrintForm
from toli.content.forms.series import LANGUAGE_NAMES, CampaignForm, EpisodeForm, FillForm, SeriesForm

__all__ = [
    "LANGUAGE_NAMES", "AiForm", "CampaignForm", "CertificateForm", "EpisodeForm", "FactFilterForm", "FactForm",
    "FactImportForm", "FillForm", "FilterForm", "ItemForm", "MediaFilterForm", "MediaForm", "OrderForm", "PersonForm",
    "PrintForm", "SeriesForm", "SheetForm", "initial_of",
]  # fmt: skip
