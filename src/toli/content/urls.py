from django.urls import path, re_path

from toli.content import views

app_name = "content"
urlpatterns = [
    path("desk/content/", views.items, name="items"),
    path("desk/content/new/", views.write, name="write"),
    path("desk/content/sheets/new/", views.sheet_new, name="sheet_new"),
    path("desk/content/sheets/<uuid:ref>/", views.sheet, name="sheet"),
    path("desk/content/sheets/<uuid:ref>/submit/", views.sheet_submit, name="sheet_submit"),
    path("desk/content/sheets/<uuid:ref>/approve/", views.sheet_approve, name="sheet_approve"),
    path("desk/content/<uuid:ref>/", views.item, name="item"),
    path("desk/content/<uuid:ref>/edit/", views.edit, name="edit"),
    path("desk/content/<uuid:ref>/submit/", views.submit, name="submit"),
    path("desk/content/<uuid:ref>/approve/", views.approve, name="approve"),
    path("desk/content/<uuid:ref>/withdraw/", views.withdraw, name="withdraw"),
    path("desk/content/<uuid:ref>/hold/", views.hold, name="hold"),
    path("desk/content/<uuid:ref>/lift/", views.lift, name="lift"),
    path("desk/content/<uuid:ref>/certificate/", views.certify, name="certify"),
    path("desk/content/<uuid:ref>/comment/", views.comment, name="comment"),
    path("desk/content/<uuid:ref>/comment/<uuid:comment_ref>/done/", views.close_comment, name="close_comment"),
    path("desk/content/<uuid:ref>/versions/", views.versions, name="versions"),
    re_path(r"^pictures/(?P<name>[0-9a-f]{64}\.jpg)$", views.picture, name="picture"),
]
