"""The routes below `/api/`."""

from __future__ import annotations

from django.urls import path

import baton.surfaces.wire.routes  # noqa: F401  # registers the `id` converter
from baton.surfaces.api import (
    api_tokens,
    attachments,
    auth,
    board,
    bulk,
    calendars,
    comments,
    delegations,
    deliveries,
    events,
    exports,
    history,
    imports,
    invitations,
    members,
    moves,
    notification_settings,
    notifications,
    password_reset,
    profile,
    projects,
    reports,
    schema,
    search,
    sessions,
    statistics,
    tasks,
    told,
    trash,
    verification,
    watching,
    webhooks,
)

accounts = [
    path("auth/register/", auth.Register.as_view()),
    path("auth/login/", auth.Login.as_view()),
    path("auth/refresh/", auth.Refresh.as_view()),
    path("auth/logout/", auth.Logout.as_view()),
    path("auth/change-password/", auth.ChangePassword.as_view()),
    path("auth/profile/", profile.Profile.as_view()),
    path("auth/sessions/", sessions.Sessions.as_view()),
    path("auth/sessions/<id:session_id>/", sessions.Session.as_view()),
    path("auth/verify-email/", verification.VerifyEmail.as_view()),
    path("auth/verify-email/resend/", verification.ResendVerification.as_view()),
    path("auth/password-reset/", password_reset.PasswordReset.as_view()),
    path("auth/password-reset/confirm/", password_reset.ConfirmPasswordReset.as_view()),
    path("auth/tokens/", api_tokens.ApiTokens.as_view()),
    path("auth/tokens/<id:token_id>/", api_tokens.ApiToken.as_view()),
    path("projects/", projects.Projects.as_view()),
    path("projects/<id:project_id>/", projects.Project.as_view()),
    path("projects/<id:project_id>/statistics/", projects.ProjectStatistics.as_view()),
    path("projects/<id:project_id>/members/", members.Members.as_view()),
    path("projects/<id:project_id>/add_member/", members.AddMember.as_view()),
    path("projects/<id:project_id>/invitations/", invitations.Invitations.as_view()),
    path("projects/<id:project_id>/invitations/<id:invitation_id>/", invitations.Invitation.as_view()),
    path("invitations/accept/", invitations.AcceptInvitation.as_view()),
    path("projects/<id:project_id>/members/<id:user_id>/", members.Member.as_view()),
]

work = [
    path("tasks/", tasks.Tasks.as_view()),
    path("tasks/bulk/", bulk.TaskBulk.as_view()),
    path("tasks/statistics/", statistics.TaskStatistics.as_view()),
    path("tasks/<id:task_id>/", tasks.Task.as_view()),
    path("tasks/<id:task_id>/assign/", tasks.TaskAssignment.as_view()),
    path("tasks/<id:task_id>/status/", tasks.TaskStatus.as_view()),
    path("tasks/<id:task_id>/comments/", comments.TaskComments.as_view()),
    path("tasks/<id:task_id>/history/", history.TaskHistory.as_view()),
    path("tasks/<id:task_id>/delegations/", delegations.TaskDelegations.as_view()),
    path("tasks/<id:task_id>/watch/", watching.TaskWatch.as_view()),
    path("comments/<id:comment_id>/", comments.Comment.as_view()),
    path("tasks/<id:task_id>/attachments/", attachments.TaskAttachments.as_view()),
    path("attachments/<id:attachment_id>/", attachments.Attachment.as_view()),
    path("attachments/<id:attachment_id>/download/", attachments.AttachmentDownload.as_view()),
    path("attachments/<id:attachment_id>/thumbnail/", attachments.AttachmentThumbnail.as_view()),
    path("delegations/<id:delegation_id>/", delegations.Delegation.as_view()),
    path("tasks/<id:task_id>/move/", moves.TaskMove.as_view()),
    path("projects/<id:project_id>/board/", board.ProjectBoard.as_view()),
    path("projects/<id:project_id>/report/", reports.ProjectReport.as_view()),
    path("projects/<id:project_id>/report/subscription/", reports.ReportSubscription.as_view()),
    path("events/", events.Events.as_view()),
    path("events/<id:event_id>/undo/", trash.UndoEvent.as_view()),
    path("trash/", trash.Trash.as_view()),
    path("trash/tasks/<id:task_id>/restore/", trash.RestoreTask.as_view()),
    path("trash/task/<id:task_id>/restore/", trash.RestoreTask.as_view(is_alias=True)),
    path("trash/projects/<id:project_id>/restore/", trash.RestoreProject.as_view()),
    path("trash/project/<id:project_id>/restore/", trash.RestoreProject.as_view(is_alias=True)),
    path("search/", search.Search.as_view()),
]

described = [
    path("schema/", schema.Schema.as_view()),
    path("schema/swagger-ui/", schema.Page.as_view(template="api/swagger_ui.html")),
    path("schema/redoc/", schema.Page.as_view(template="api/redoc.html")),
]

exchange = [
    path("projects/<id:project_id>/export/", exports.ProjectExport.as_view()),
    path("import/", imports.Import.as_view()),
    path("calendar-feed/", calendars.CalendarFeed.as_view()),
]

hooks = [
    path("webhooks/", webhooks.Webhooks.as_view()),
    path("webhooks/<id:webhook_id>/", webhooks.Webhook.as_view()),
    path("webhooks/<id:webhook_id>/rotate-secret/", webhooks.WebhookSecret.as_view()),
    path("webhooks/<id:webhook_id>/ping/", webhooks.WebhookPing.as_view()),
    path("webhooks/<id:webhook_id>/pause/", webhooks.WebhookPause.as_view()),
    path("webhooks/<id:webhook_id>/resume/", webhooks.WebhookResume.as_view()),
    path("webhooks/<id:webhook_id>/replay/", webhooks.WebhookReplay.as_view()),
    path("webhooks/<id:webhook_id>/deliveries/", webhooks.WebhookDeliveries.as_view()),
    path("webhooks/<id:webhook_id>/deliveries/<id:delivery_id>/", webhooks.WebhookDelivery.as_view()),
]

heard = [
    path("notifications/", notifications.Notifications.as_view()),
    path("notification-settings/", notification_settings.NotificationSettings.as_view()),
    path("notifications/read-all/", notifications.ReadAll.as_view()),
    path("notifications/<id:notification_id>/read/", notifications.NotificationRead.as_view()),
    path("tasks/<id:task_id>/deliveries/", told.TaskDeliveries.as_view()),
    path("deliveries/", deliveries.Deliveries.as_view()),
    path("deliveries/<id:delivery_id>/", deliveries.Delivery.as_view()),
    path("deliveries/<id:delivery_id>/retry/", deliveries.DeliveryRetry.as_view()),
]

urlpatterns = [*heard, *hooks, *exchange, *accounts, *work, *described]
