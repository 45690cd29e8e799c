from django.urls import path

from toli.broadcasts.views import broadcasts, desk, groups, links, mine

app_name = "broadcasts"
urlpatterns = [
    path("desk/pulse/", desk.desk, name="desk"),
    path("desk/pulse/streams/<uuid:ref>/", desk.stream, name="stream"),
    path("desk/pulse/new/<slug:kind>/<uuid:ref>/", desk.new, name="new"),
    path("desk/pulse/releases/<uuid:ref>/", desk.release, name="release"),
    path("desk/pulse/releases/<uuid:ref>/change/", desk.change, name="change"),
    path("desk/pulse/releases/<uuid:ref>/approve/", desk.approve, name="approve"),
    path("desk/pulse/releases/<uuid:ref>/withdraw/", desk.withdraw, name="withdraw"),
    path("desk/broadcasts/", broadcasts.listed, name="broadcasts"),
    path("desk/broadcasts/new/<uuid:ref>/", broadcasts.new, name="new_broadcast"),
    path("desk/broadcasts/<uuid:ref>/", broadcasts.broadcast, name="broadcast"),
    path("desk/broadcasts/<uuid:ref>/pause/", broadcasts.pause, name="pause"),
    path("desk/broadcasts/<uuid:ref>/resume/", broadcasts.resume, name="resume"),
    path("desk/broadcasts/<uuid:ref>/cancel/", broadcasts.cancel, name="cancel"),
    path("me/pulse/", mine.mine, name="mine"),
    path("me/pulse/addresses/", mine.addresses, name="addresses"),
    path("me/pulse/follow/", mine.follow, name="follow"),
    path("me/pulse/listening/", mine.listen, name="listen"),
    path("desk/message-groups/", groups.groups, name="groups"),
    path("desk/message-groups/new/<uuid:ref>/", groups.add, name="group_add"),
    path("desk/message-groups/plan/<uuid:ref>/", groups.plan, name="groups_plan"),
    path("desk/message-groups/<uuid:ref>/", groups.group, name="group"),
    path("desk/message-groups/<uuid:ref>/close/", groups.close, name="group_close"),
    path("desk/message-groups/<uuid:ref>/admin/", groups.name_admin, name="group_admin"),
    path("desk/message-groups/<uuid:ref>/admin/remove/", groups.remove_admin, name="group_admin_remove"),
    path("s/<slug:code>/", links.shared, name="shared"),
    path("s/<slug:code>/picture/", links.picture, name="shared_picture"),
    path("me/groups/", groups.mine, name="my_groups"),
    path("me/groups/<uuid:ref>/", groups.tell, name="group_tell"),
    path("me/groups/<uuid:ref>/posted/<uuid:item_ref>/", groups.posted, name="group_posted"),
]
