"""Who gets what: a row for each operation, a column for each role; what is not here fails.

A cell is the status of a request that has nothing wrong but who makes it. Where the path holds an
id it is three, for an id of one's own, of somebody else's and of nobody's (``200/404/404``); one
status alone stands for all three. Nobody's id and one that may not be seen get the same answer to
the letter.

``key`` is what an API key needs: a scope (of all that a key of the role may have), ``any`` or
``people``, for whom no key will do. Sessions and keys that are revoked or expired, and those of
accounts that were deactivated, get what anonymous gets.
"""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("enterprise", "bank", "organiser", "staff", "auditor", "admin")
OWN, FOREIGN, ABSENT = "own", "foreign", "absent"
WHOSE = (OWN, FOREIGN, ABSENT)

TABLE = """
operation                 key                   anonymous enterprise  bank        organiser   staff       auditor     admin

read_liveness             -                     200       200         200         200         200         200         200
read_health               -                     200       200         200         200         200         200         200
read_readiness            -                     200       200         200         200         200         200         200
read_metrics              metrics:read          401       403         403         403         403         200         200

log_in                    -                     200       200         200         200         200         200         200
log_out                   -                     204       204         204         204         204         204         204
log_out_everywhere        people                401       204         204         204         204         204         204
read_me                   any                   401       200         200         200         200         200         200
change_my_password        people                401       204         204         204         204         204         204

begin_provider_login      -                     404       404         404         404         404         404         404
end_provider_login        -                     404       404         404         404         404         404         404

list_accounts             people                401       403         403         403         403         200         200
create_account            people                401       403         403         403         403         403         201
read_account              people                401       403         403         403         403         200/200/404 200/200/404
change_account            people                401       403         403         403         403         403         200/200/404
reset_password            people                401       403         403         403         403         403         200/200/404

list_api_keys             people                401       403         200         200         200         200         200
create_api_key            people                401       403         201         201         201         201         201
revoke_api_key            people                401       403         204/404/404 204/404/404 204/404/404 204/404/404 204/204/404

create_plan               plans:write           401       403         403         202         202         403         202
list_plans                plans:read            401       403         403         200         200         200         200
read_plan                 plans:read            401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
cancel_plan               plans:write           401       403         403         204/204/404 204/404/404 403         204/204/404
read_plan_document        plans:read            401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
read_plan_market          plans:read            401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
list_plan_leads           leads:read            401       403         403         200/200/404 200/200/404 403         200/200/404

open_round                rounds:write          401       403         403         201         403         403         201
list_rounds               rounds:read           401       403         403         200         200         200         200
read_round                rounds:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
read_carry_over           rounds:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
create_round_run          rounds:write          401       403         403         202/202/404 403         403         202/202/404
draft_round_plan          rounds:write          401       403         403         201/201/404 403         403         201/201/404
list_round_plans          rounds:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
read_round_plan           rounds:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
read_round_plan_document  rounds:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
read_round_plan_market    rounds:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
check_round_plan          rounds:write          401       403         403         200/200/404 403         403         200/200/404
propose_round_plan        rounds:write          401       403         403         200/200/404 403         403         200/200/404
retract_round_plan        rounds:write          401       403         403         200/200/404 403         403         200/200/404
discard_round_plan        rounds:write          401       403         403         200/200/404 403         403         200/200/404
publish_round_plan        rounds:write          401       403         403         200/200/404 403         403         200/200/404
undo_round_plan           rounds:write          401       403         403         200/200/404 403         403         200/200/404
replay_round_plan         rounds:write          401       403         403         202/202/404 202/202/404 403         202/202/404
read_replay               rounds:read           401       403         403         200/200/404 200/404/404 200/200/404 200/200/404

list_conflicts            conflicts:read        401       403         200         200         200         200         200
declare_conflict          conflicts:write       401       403         201         201         403         403         201
withdraw_conflict         conflicts:write       401       403         403         204/204/404 403         403         204/204/404

list_webhooks             webhooks:read         401       403         200         403         403         403         403
create_webhook            webhooks:write        401       403         201         403         403         403         403
remove_webhook            webhooks:write        401       403         204/404/404 403         403         403         403

list_record               record:read           401       403         403         403         403         200         200
read_record_head          record:read           401       403         403         403         403         200         200
read_signed_head          record:read           401       403         403         403         403         200/200/404 200/200/404

list_leads                leads:read            401       403         200         200         200         200         200
read_lead                 leads:read            401       403         200/404/404 200/200/404 200/200/404 200/200/404 200/200/404
accept_lead               leads:write           401       403         200/404/404 403         403         403         403
decline_lead              leads:write           401       403         200/404/404 200/200/404 403         403         403
report_stage              leads:write           401       403         200/404/404 200/200/404 403         403         200/200/404
decide_part               leads:write           401       403         200/404/404 200/200/404 403         403         403

create_scenario           scenarios:write       401       403         403         202         202         403         202
list_scenarios            scenarios:read        401       403         403         200         200         200         200
read_scenario             scenarios:read        401       403         403         200/200/404 200/404/404 200/200/404 200/200/404
cancel_scenario           scenarios:write       401       403         403         204/204/404 204/404/404 403         204/204/404
read_comparison           scenarios:read        401       403         403         200/200/404 200/404/404 200/200/404 200/200/404

list_needs                needs:read            401       200         403         200         200         200         200
create_need               needs:write           401       403         403         201         403         403         201
read_need                 needs:read            401       200/404/404 403         200/200/404 200/200/404 200/200/404 200/200/404
change_need               needs:write           401       403         403         200/200/404 403         403         200/200/404
remove_need               needs:write           401       403         403         204/204/404 403         403         204/204/404

list_listings             needs:read            401       200         403         200         200         200         200
recommend_all             needs:write           401       403         403         200         403         403         200
read_listing              needs:read            401       200/404/404 403         200/200/404 200/200/404 200/200/404 200/200/404
change_listing            needs:write           401       403         403         200/200/404 403         403         200/200/404
recommend_need            needs:write           401       403         403         200/200/404 403         403         200/200/404
unrecommend_need          needs:write           401       403         403         200/200/404 403         403         200/200/404

read_wishes               consents:read         401       200/404/404 403         200/200/404 200/200/404 200/200/404 200/200/404
set_wishes                consents:write        401       200/404/404 403         200/200/404 403         403         200/200/404

list_consents             consents:read         401       200/404/404 403         200/200/404 200/200/404 200/200/404 200/200/404
give_consent              consents:write        401       200/404/404 403         200/200/404 403         403         200/200/404
withdraw_consent          consents:write        401       204/404/404 403         204/204/404 403         403         204/204/404

list_enterprises          enterprises:read      401       200         403         200         200         200         200
read_enterprise           enterprises:read      401       200/404/404 403         200/200/404 200/200/404 200/200/404 200/200/404

list_institutions         institutions:read     401       200         200         200         200         200         200
read_institution          institutions:read     401       200/200/404 200/404/404 200/200/404 200/200/404 200/200/404 200/200/404

list_products             products:read         401       200         200         200         200         200         200
create_product            products:write        401       403         403         201         403         403         201
read_product              products:read         401       200/200/404 200/404/404 200/200/404 200/200/404 200/200/404 200/200/404
change_product            products:write        401       403         403         200/200/404 403         403         200/200/404
remove_product            products:write        401       403         403         204/204/404 403         403         204/204/404

list_pools                pools:read            401       403         403         200         200         200         200
read_pool                 pools:read            401       403         403         200/200/404 200/200/404 200/200/404 200/200/404

list_policies             policies:read         401       200         200         200         200         200         200
read_policy               policies:read         401       200/200/404 200/200/404 200/200/404 200/200/404 200/200/404 200/200/404

read_questionnaire_schema -                     200       200         200         200         200         200         200
list_questionnaires       questionnaires:read   401       200         403         200         200         200         200
hand_in_questionnaire     questionnaires:write  401       201         403         201         403         403         201
read_questionnaire        questionnaires:read   401       200/404/404 403         200/200/404 200/200/404 200/200/404 200/200/404
read_draft                questionnaires:read   401       404         403         404         403         403         404
keep_draft                questionnaires:write  401       200         403         200         403         403         200
drop_draft                questionnaires:write  401       204         403         204         403         403         204

create_import             imports:write         401       403         403         202         403         403         202
list_imports              imports:read          401       403         403         200         200         200         200
read_import               imports:read          401       403         403         200/200/404 200/404/404 200/200/404 200/200/404
cancel_import             imports:write         401       403         403         204/204/404 403         403         204/204/404

export_market_json        exports:read          401       403         403         200         200         200         200
export_market_workbook    exports:read          401       403         403         200         200         200         200
export_products           exports:read          401       403         200         200         200         200         200

list_offers               leads:read            401       200         403         403         403         403         403
read_offer                leads:read            401       200/404/404 403         403         403         403         403
withdraw_offer            leads:write           401       200/404/404 403         403         403         403         403
read_other_products       needs:read            401       200/404/404 403         200/200/404 200/200/404 200/200/404 200/200/404

read_statistics           statistics:read       401       403         200         200         200         200         200
read_statistics_workbook  statistics:read       401       403         200         200         200         200         200
read_statistics_print     statistics:read       401       403         200         200         200         200         200

create_event              events:write          401       403         403         201         403         403         201
list_events               events:read           401       200         200         200         200         200         200
read_event                events:read           401       200/404/404 200/404/404 200/200/404 200/200/404 200/200/404 200/200/404
change_event              events:write          401       403         403         200/200/404 403         403         200/200/404
remove_event              events:write          401       403         403         204/204/404 403         403         204/204/404
create_timetable          events:write          401       403         403         202/202/404 403         403         202/202/404
list_timetables           events:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
replan_event              events:write          401       403         403         202/202/404 403         403         202/202/404
list_guests               events:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
check_in                  events:write          401       403         403         200/200/404 403         403         200/200/404
undo_check_in             events:write          401       403         403         204/204/404 403         403         204/204/404
read_own_agenda           events:read           401       200/404/404 200/404/404 403         403         403         403
read_own_calendar         events:read           401       200/404/404 200/404/404 403         403         403         403
read_timetable            events:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
discard_timetable         events:write          401       403         403         204/204/404 403         403         204/204/404
move_meeting              events:write          401       403         403         200/200/404 403         403         200/200/404
publish_timetable         events:write          401       403         403         200/200/404 403         403         200/200/404
read_timetable_document   events:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
read_timetable_workbook   events:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
read_timetable_agenda     events:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
read_timetable_calendars  events:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
read_timetable_calendar   events:read           401       403         403         200/200/404 200/200/404 200/200/404 200/200/404
"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Row:
    """What one operation answers.

    Parameters
    ----------
    key
        The scope that a key needs, ``any``, ``people``; None where nobody need be known.
    statuses
        By role, ``anonymous`` among them, and by whose the id is.
    """

    operation: str
    key: str | None
    statuses: dict[tuple[str, str], int]


def rows() -> dict[str, Row]:
    """Read the table.

    Raises
    ------
    ValueError
        If a row has too many cells or too few.
    """
    lines = [line.split() for line in TABLE.splitlines() if line.strip()]
    names = lines[0][2:]
    return {words[0]: _row(names, words) for words in lines[1:]}


def _row(names: list[str], words: list[str]) -> Row:
    operation, key, *cells = words
    statuses = {}
    for name, cell in zip(names, cells, strict=True):
        parts = [int(part) for part in cell.split("/")]
        for whose, status in zip(WHOSE, parts * (3 // len(parts)), strict=True):
            statuses[name, whose] = status
    return Row(operation, None if key == "-" else key, statuses)
