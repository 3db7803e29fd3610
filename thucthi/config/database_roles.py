"""What the application role may do with each table. It owns nothing; a table not listed here gets no right at all.

FACT rows are only added; INTENT rows also change (their history is kept as facts beside them);
DRAFT rows may go; FOREIGN tables belong to libraries. A test compares this list with the database.
"""

from django.db import connection, transaction

APPLICATION_ROLE = "thucthi_app"

FACT = (
    "ledger_entry",
    "directory_organisationevent",
    "directory_succession",
    "documents_documentrelation",
    "documents_instrumentstep",
    "documents_instrumentconflict",
    "documents_conflictanswer",
    "programmes_checkpointmove",
    "programmes_taskevent",
    "programmes_taskchange",
    "programmes_clarityexception",
    "programmes_funding",
    "programmes_remark",
    "programmes_remarkmention",
    "programmes_remarkclosing",
    "indicators_indicatorversion",
    "indicators_targetchange",
    "indicators_delivery",
    "indicators_observation",
    "indicators_dispute",
    "indicators_disputeanswer",
    "indicators_feedrun",
    "obstacles_obstacle",
    "obstacles_obstaclestep",
    "obstacles_affectedtask",
    "obstacles_coordinationrequest",
    "obstacles_requeststep",
    "obstacles_hop",
    "obstacles_refusal",
    "obstacles_refusalruling",
    "obstacles_decision",
    "obstacles_decisiontask",
    "reporting_obligation",
    "reporting_report",
    "reporting_evidence",
    "reporting_reportevidence",
    "reporting_acceptance",
    "reporting_endorsement",
    "reporting_aftercheck",
    "reporting_aftercheckresult",
    "intake_sourcefile",
    "intake_readingstep",
    "intake_documentreading",
    "publication_snapshot",
    "publication_snapshotpublication",
    "publication_correction",
    "monitoring_signalverdict",
    "monitoring_statement",
)
INTENT = (
    "directory_organisation",
    "directory_organisationname",
    "directory_placement",
    "directory_leadership",
    "directory_person",
    "directory_post",
    "directory_tenure",
    "directory_account",
    "directory_membership",
    "directory_delegation",
    "documents_document",
    "documents_clause",
    "documents_instrument",
    "documents_statutoryclock",
    "programmes_controlframe",
    "programmes_frameresponsibility",
    "programmes_goal",
    "programmes_checkpoint",
    "programmes_programme",
    "programmes_cascadeduty",
    "programmes_dependency",
    "indicators_indicator",
    "indicators_target",
    "indicators_consistencyrule",
    "indicators_followup",
    "indicators_feed",
    "indicators_feedsecret",
    "indicators_upload",
    "intake_taskdraft",
    "obstacles_ladderrule",
    "obstacles_meeting",
    "reporting_reportingcalendar",
    "reporting_acceptanceroute",
    "indicators_dataneed",
    "workspace_notice",
    "workspace_noticechoice",
    "workspace_letter",
    "workspace_calendarkey",
)
DRAFT = (
    "programmes_programmebasis",
    "programmes_taskgroup",
    "programmes_coordination",
    "programmes_citation",
    "programmes_milestone",
    "programmes_taskinstrument",
    "programmes_task",
    "indicators_contribution",
    "indicators_dimension",
    "indicators_rolluprule",
    "indicators_coreindicator",
    "indicators_feed_indicators",
    "monitoring_forecast",
    "reporting_reportdraft",
    "obstacles_agendaitem",
    "intake_quotation",
    "intake_tasksignature",
)
FOREIGN = (
    "django_session",
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "socialaccount_socialaccount",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
)
# Written by the owner alone: by migrations, and by triggers (reporting_openduty).
READ_ONLY = (
    "django_migrations",
    "django_content_type",
    "auth_group",
    "auth_permission",
    "auth_group_permissions",
    "directory_account_groups",
    "directory_account_user_permissions",
    "reporting_openduty",
)
RIGHTS = {
    **dict.fromkeys(FACT, "SELECT, INSERT"),
    **dict.fromkeys(INTENT, "SELECT, INSERT, UPDATE"),
    **dict.fromkeys(DRAFT, "SELECT, INSERT, UPDATE, DELETE"),
    **dict.fromkeys(FOREIGN, "SELECT, INSERT, UPDATE, DELETE"),
    **dict.fromkeys(READ_ONLY, "SELECT"),
}


def apply_grants() -> None:
    """Give the application role exactly `RIGHTS`. Runs as the owner, after every migration; safe to repeat."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APPLICATION_ROLE}")
        for table, rights in RIGHTS.items():
            cursor.execute(f'GRANT {rights} ON "{table}" TO {APPLICATION_ROLE}')
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION_ROLE}")
