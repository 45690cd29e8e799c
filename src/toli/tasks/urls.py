from django.urls import path

from toli.tasks.views import desk, exceptions, giving, mine, outbox

app_name = "tasks"
urlpatterns = [
    path("desk/tasks/", desk.tasks, name="desk"),
    path("desk/tasks/give/", giving.give, name="give"),
    path("desk/tasks/exceptions/", exceptions.exceptions, name="exceptions"),
    path("desk/tasks/exceptions/bulk/", exceptions.bulk, name="bulk"),
    path("desk/tasks/exceptions/undo/<uuid:ref>/", exceptions.undo, name="undo"),
    path("desk/tasks/<uuid:ref>/", desk.task, name="task"),
    path("desk/tasks/<uuid:ref>/withdraw/", desk.withdraw_task, name="withdraw_task"),
    path("desk/tasks/shares/<uuid:ref>/", desk.share, name="share"),
    path("desk/tasks/shares/<uuid:ref>/verify/", desk.verify, name="verify"),
    path("desk/tasks/shares/<uuid:ref>/return/", desk.give_back, name="return"),
    path("desk/tasks/photos/<uuid:ref>/judge/", desk.judge_photos, name="judge_photos"),
    path("desk/tasks/shares/<uuid:ref>/remind/", desk.remind, name="remind"),
    path("desk/tasks/shares/<uuid:ref>/withdraw/", desk.withdraw_share, name="withdraw_share"),
    path("desk/tasks/shares/<uuid:ref>/hand-in/", desk.hand_in_for, name="hand_in_for"),
    path("me/tasks/", mine.tasks, name="mine"),
    path("me/tasks/reminders/", mine.reminders, name="reminders"),
    path("me/tasks/outbox/", outbox.whoami, name="outbox"),
    path("me/tasks/<uuid:ref>/", mine.task, name="my_task"),
    path("me/tasks/<uuid:ref>/accept/", mine.accept, name="accept"),
    path("me/tasks/<uuid:ref>/hand-in/", mine.hand_in, name="hand_in"),
    path("me/tasks/<uuid:ref>/send/", outbox.send, name="send"),
    path("me/tasks/photo/<uuid:ref>/", mine.photo, name="photo"),
]
