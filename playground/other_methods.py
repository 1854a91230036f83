"""The Web API's methods for people, views, reactions, tokens and the app itself."""

from playground.calls import Call, Method, page_of
from playground.payload_checks import check_view
from playground.records import Json, SlackError
from playground.review import review_view
from playground.stage import Stage


def auth_test(stage: Stage, call: Call) -> Json:
    """auth.test."""
    team, user = stage.workspace.team, stage.workspace.user(call.user_id)
    answer: Json = {
        "url": f"{stage.url}/",
        "team": team["name"],
        "user": user["name"],
        "team_id": team["id"],
        "user_id": user["id"],
        "is_enterprise_install": False,
    }
    if call.is_bot:
        answer |= {"bot_id": stage.workspace.bot["id"]}
    return answer


def api_test(_stage: Stage, call: Call) -> Json:
    """api.test."""
    if call.args.text("error"):
        raise SlackError(call.args.text("error"))
    return {"args": {}}


def open_connection(stage: Stage, _call: Call) -> Json:
    """apps.connections.open."""
    host = stage.url.removeprefix("http://")
    return {"url": f"ws://{host}/link/?ticket={stage.sockets.new_ticket()}&app_id={stage.workspace.bot['app_id']}"}


def auth_revoke(stage: Stage, call: Call) -> Json:
    """auth.revoke."""
    if not call.args.flag("test"):
        stage.workspace.save_token(call.token, revoked=True)
    return {"revoked": not call.args.flag("test")}


def users_list(stage: Stage, call: Call) -> Json:
    """users.list."""
    locale = call.args.flag("include_locale")
    rows = [_user(user, locale) for user in stage.workspace.users.values() if not user.get("is_stranger")]
    page, cursor = page_of(rows, call.args)
    return {"members": page, "cache_ts": 0, "response_metadata": {"next_cursor": cursor}}


def users_info(stage: Stage, call: Call) -> Json:
    """users.info."""
    user = stage.workspace.user(call.args.need("user", "user_not_found"))
    return {"user": _user(user, call.args.flag("include_locale"))}


def _user(user: Json, with_locale: bool) -> Json:
    return {key: value for key, value in user.items() if key != "locale" or with_locale}


def users_profile_get(stage: Stage, call: Call) -> Json:
    """users.profile.get."""
    return {"profile": stage.workspace.user(call.args.text("user", call.user_id))["profile"]}


def _view(stage: Stage, call: Call, *kinds: str) -> Json:
    view = check_view(call.args.json("view", "invalid_arguments"), *kinds)
    review_view(stage, call.method, view)
    return view


def views_open(stage: Stage, call: Call) -> Json:
    """views.open."""
    view = _view(stage, call, "modal")
    trigger = stage.grants.exchange(call.args.need("trigger_id"))
    return {"view": stage.views.open(trigger.user_id, view)}


def views_push(stage: Stage, call: Call) -> Json:
    """views.push."""
    view = _view(stage, call, "modal")
    trigger = stage.grants.exchange(call.args.need("trigger_id"))
    return {"view": stage.views.push(trigger.user_id, view)}


def views_update(stage: Stage, call: Call) -> Json:
    """views.update."""
    view = _view(stage, call, "modal", "home")
    args = call.args
    return {"view": stage.views.update(args.text("view_id"), args.text("external_id"), view, args.text("hash"))}


def views_publish(stage: Stage, call: Call) -> Json:
    """views.publish."""
    if not stage.workspace.app.home_tab:
        raise SlackError("not_enabled")
    view = _view(stage, call, "home")
    user = stage.workspace.user(call.args.need("user_id"))
    return {"view": stage.views.publish(user["id"], view, call.args.text("hash"))}


def reactions_change(stage: Stage, call: Call) -> Json:
    """reactions.add and reactions.remove."""
    name = call.args.need("name", "invalid_name")
    channel = stage.workspace.channel_for(call.user_id, call.args.need("channel", "no_item_specified"))
    ts = call.args.need("timestamp", "no_item_specified")
    stage.posting.react(call.user_id, channel, ts, name, add=call.method == "reactions.add")
    return {}


def reactions_get(stage: Stage, call: Call) -> Json:
    """reactions.get."""
    channel = stage.workspace.channel_for(call.user_id, call.args.need("channel", "no_item_specified"))
    message = stage.workspace.message(channel.id, call.args.need("timestamp", "no_item_specified"))
    return {"type": "message", "channel": channel.id, "message": message}


def bots_info(stage: Stage, call: Call) -> Json:
    """bots.info."""
    bot = stage.workspace.bot
    if call.args.text("bot", bot["id"]) != bot["id"]:
        raise SlackError("bot_not_found")
    return {"bot": stage.posting.bot_profile()}


def team_info(stage: Stage, _call: Call) -> Json:
    """team.info."""
    return {"team": stage.workspace.team | {"email_domain": "", "icon": {}, "url": f"{stage.url}/"}}


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "auth.revoke": auth_revoke,
    "api.test": api_test,
    "apps.connections.open": open_connection,
    "users.list": users_list,
    "users.info": users_info,
    "users.profile.get": users_profile_get,
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
    "reactions.add": reactions_change,
    "reactions.remove": reactions_change,
    "reactions.get": reactions_get,
    "bots.info": bots_info,
    "team.info": team_info,
}
