from django.contrib.auth.decorators import login_required
from django.urls import path, re_path

from toli.content import views

app_name = "content"
urlpatterns = [
    path("desk/content/", login_required(views.items), name="items"),
    path("desk/content/new/", login_required(views.write), name="write"),
    path("desk/content/sheets/new/", login_required(views.sheet_new), name="sheet_new"),
    path("desk/content/sheets/<uuid:ref>/", login_required(views.sheet), name="sheet"),
    path("desk/content/sheets/<uuid:ref>/submit/", login_required(views.sheet_submit), name="sheet_submit"),
    path("desk/content/sheets/<uuid:ref>/approve/", login_required(views.sheet_approve), name="sheet_approve"),
    path("desk/content/<uuid:ref>/", login_required(views.item), name="item"),
    path("desk/content/<uuid:ref>/edit/", login_required(views.edit), name="edit"),
    path("desk/content/<uuid:ref>/submit/", login_required(views.submit), name="submit"),
    path("desk/content/<uuid:ref>/approve/", login_required(views.approve), name="approve"),
    path("desk/content/<uuid:ref>/withdraw/", login_required(views.withdraw), name="withdraw"),
    re_path(r"^pictures/(?P<name>[0-9a-f]{64}\.jpg)$", login_required(views.picture), name="picture"),
]
