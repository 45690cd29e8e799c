"""Input of the content pages."""

from toli.content.forms.facts import FactFilterForm, FactForm, FactImportForm, OrderForm
from toli.content.forms.items import CertificateForm, FilterForm, ItemForm, SheetForm, initial_of
from toli.content.forms.media import AiForm, MediaFilterForm, MediaForm, PersonForm, PrintForm
from toli.content.forms.series import LANGUAGE_NAMES, CampaignForm, EpisodeForm, FillForm, SeriesForm
from toli.content.forms.spending import CorrectForm, SpendFilterForm, SpendForm
from toli.content.forms.templates import ChannelForm, FillTemplateForm

__all__ = [
    "LANGUAGE_NAMES", "AiForm", "CampaignForm", "CertificateForm", "ChannelForm", "CorrectForm", "EpisodeForm",
    "FactFilterForm", "FactForm", "FactImportForm", "FillForm", "FillTemplateForm", "FilterForm", "ItemForm",
    "MediaFilterForm", "MediaForm", "OrderForm", "PersonForm", "PrintForm", "SeriesForm", "SheetForm",
    "SpendFilterForm", "SpendForm", "initial_of",
]  # fmt: skip
