"""Input of recruitment, cut by noun."""

from toli.recruitment.forms.applicants import ApplicantFilter
from toli.recruitment.forms.drives import DriveForm
from toli.recruitment.forms.interviews import PanelForm, PanelsForm, RoundForm, SampleForm, ScoreForm, SlotsForm
from toli.recruitment.forms.joining import JoinForm

__all__ = [
    "ApplicantFilter",
    "DriveForm",
    "JoinForm",
    "PanelForm",
    "PanelsForm",
    "RoundForm",
    "SampleForm",
    "ScoreForm",
    "SlotsForm",
]
