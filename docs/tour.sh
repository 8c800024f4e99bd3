#!/bin/sh
# A walk through Baton with curl alone: `docs/tour.sh [http://127.0.0.1:8000]`.
# Two people, a project, 200 tasks, paging, assigning, delegating, comments, history, and the event log to its end.
# Stops at the first answer that is not what it should be. Run it as often as you like: each run makes new people.
set -eu

base=${1:-http://127.0.0.1:8000}
api=$base/api
run=$(date +%s)$$
body=$(mktemp)
trap 'rm -f "$body"' EXIT
token=

say() { printf '\n== %s\n' "$*"; }

# call METHOD URL EXPECTED-STATUS [JSON]: leaves the answer in $body, and stops where the status is another.
call() {
    if [ $# -gt 3 ]; then
        got=$(curl -sS -o "$body" -w '%{http_code}' -X "$1" "$2" ${token:+-H "Authorization: Bearer $token"} \
            -H 'Content-Type: application/json' --data "$4")
    else
        got=$(curl -sS -o "$body" -w '%{http_code}' -X "$1" "$2" ${token:+-H "Authorization: Bearer $token"})
    fi
    if [ "$got" != "$3" ]; then
        printf '%s %s answered %s where %s was due:\n' "$1" "$2" "$got" "$3" >&2
        cat "$body" >&2
        exit 1
    fi
}

# field NAME: the first value of that name in the answer (numbers, booleans and plain strings).
field() { tr ",{" "\n\n" <"$body" | sed -n "s/^\"$1\":\"\{0,1\}\([^\"}]*\)\"\{0,1\}.*/\1/p" | head -n 1; }

# count TEXT: how often TEXT stands in the answer.
count() { tr ',{' '\n\n' <"$body" | grep -c -- "$1" || true; }

# same WHAT EXPECTED: stop unless the two are equal.
same() {
    if [ "$1" != "$2" ]; then
        printf 'got "%s" where "%s" was due:\n' "$1" "$2" >&2
        cat "$body" >&2
        exit 1
    fi
}

say "Two people register"
call POST "$api/auth/register/" 201 "{\"username\":\"anna$run\",\"email\":\"anna$run@example.org\",\"password\":\"a lantern in fog\",\"password_confirm\":\"a lantern in fog\"}"
anna_id=$(field id)
anna=$(field access)
call POST "$api/auth/register/" 201 "{\"username\":\"boris$run\",\"email\":\"boris$run@example.org\",\"password\":\"a lantern in fog\",\"password_confirm\":\"a lantern in fog\"}"
boris_id=$(field id)
boris=$(field access)
echo "anna is $anna_id, boris is $boris_id"

say "Anna logs in by e-mail, makes a project and adds Boris as an editor"
call POST "$api/auth/login/" 200 "{\"email\":\"anna$run@example.org\",\"password\":\"a lantern in fog\"}"
anna=$(field access)
token=$anna
call POST "$api/projects/" 201 '{"name":"Lighthouse","description":"Keep the light burning."}'
project=$(field id)
token=$boris
call GET "$api/projects/$project/" 404
token=$anna
call POST "$api/projects/$project/members/" 200 "{\"user_id\":$boris_id,\"role\":\"editor\"}"
same "$(field status)" "member added"
token=$boris
call GET "$api/projects/$project/" 200
echo "project $project has key $(field key)"

say "Anna creates 200 tasks"
token=$anna
number=1
while [ $number -le 200 ]; do
    call POST "$api/tasks/" 201 "{\"project\":$project,\"title\":\"Check lamp $number\",\"priority\":\"high\"}"
    number=$((number + 1))
done
task=$(field id)
key=$(field key)
echo "the last one is $key"

say "Boris pages through them"
token=$boris
seen=0
pages=0
next="$api/tasks/?project=$project&ordering=created_at"
while [ "$next" != null ] && [ -n "$next" ]; do
    call GET "$next" 200
    seen=$((seen + $(count '^"title":"Check lamp')))
    pages=$((pages + 1))
    next=$(field next)
done
echo "$seen tasks on $pages pages"
same "$seen" 200

say "Anna assigns $key to herself, then delegates it to Boris, who accepts"
token=$anna
call PATCH "$api/tasks/$task/assign/" 200 "{\"assigned_to\":$anna_id}"
call POST "$api/tasks/$task/delegations/" 201 "{\"to\":$boris_id,\"note\":\"I am at sea this week.\"}"
delegation=$(field id)
call GET "$api/tasks/$task/" 200
same "$(field delegated)" true
call GET "$api/tasks/?waiting_for=me" 200
same "$(count '^"title":')" 1
token=$boris
call PATCH "$api/delegations/$delegation/" 200 '{"state":"accepted","note":"Gladly."}'
same "$(field state)" accepted

say "They talk about it, and Boris moves it along"
call POST "$api/tasks/$task/comments/" 201 '{"text":"The wick is worn."}'
token=$anna
call POST "$api/tasks/$task/comments/" 201 '{"text":"There are spares in the shed."}'
token=$boris
call PATCH "$api/tasks/$task/status/" 200 '{"status":"done"}'
same "$(field status)" "done"
same "$(field comments_count)" 2

say "Its history"
token=$anna
call GET "$api/tasks/$task/history/" 200
for verb in task.created task.assigned task.delegated delegation.accepted comment.added task.status_changed; do
    [ "$(count "^\"verb\":\"$verb\"")" -ge 1 ] || { echo "no $verb in the history" >&2; cat "$body" >&2; exit 1; }
    echo "  $verb"
done

say "The event log, from its start to its end"
after=0-0
events=0
while :; do
    call GET "$api/events/?after=$after&project=$project" 200
    got=$(count '^"verb":')
    [ "$got" -gt 0 ] || break
    events=$((events + got))
    after=$(tr ',{' '\n\n' <"$body" | sed -n 's/^"cursor":"\([^"]*\)".*/\1/p' | tail -n 1)
done
echo "$events events; the log goes on after $after"
[ "$events" -ge 207 ] || { echo "some are missing" >&2; exit 1; }

say "Bad input is refused and named"
call POST "$api/tasks/" 400 "{\"project\":$project,\"title\":\"\",\"status\":\"perhaps\"}"
call GET "$api/tasks/?colour=red" 400
call PATCH "$api/tasks/$task/" 400 '{"due_date":"0000-01-01T00:00:00Z"}'

say "Boris logs out, and his token is dead"
token=$boris
call POST "$api/auth/logout/" 204
call GET "$api/tasks/" 401

printf '\nThat was the tour.\n'
