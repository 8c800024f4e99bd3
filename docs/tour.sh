#!/bin/sh
# A walk through Baton with curl alone: `docs/tour.sh [http://127.0.0.1:8000 [SECOND-SERVER]]`.
# Two people, a project, 200 tasks, paging, assigning, delegating, comments, history, the event log to its end, a file,
# search, bulk, undo, and API tokens. With the address of a second server, the project moves there too.
# Stops at the first answer that is not what it should be. Run it as often as you like: each run makes new people.
set -eu

base=${1:-http://127.0.0.1:8000}
second=${2:-}
api=$base/api
run=$(date +%s)$$
folder=$(mktemp -d)
body=$folder/answer
trap 'rm -rf "$folder"' EXIT
token=

say() { printf '\n== %s\n' "$*"; }

# ask METHOD URL EXPECTED-STATUS [curl's options]: leaves the answer in $body, and stops where the status is another.
ask() {
    method=$1 url=$2 due=$3
    shift 3
    got=$(curl -sS -o "$body" -w '%{http_code}' -X "$method" "$url" ${token:+-H "Authorization: Bearer $token"} "$@")
    if [ "$got" != "$due" ]; then
        printf '%s %s answered %s where %s was due:\n' "$method" "$url" "$got" "$due" >&2
        cat "$body" >&2
        exit 1
    fi
}

# call METHOD URL EXPECTED-STATUS [JSON]
call() {
    if [ $# -gt 3 ]; then
        ask "$1" "$2" "$3" -H 'Content-Type: application/json' --data "$4"
    else
        ask "$1" "$2" "$3"
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

# sha256 FILE: its sum alone.
sha256() { sha256sum "$1" | cut -d ' ' -f 1; }

# event VERB: the id of the newest such event in the answer, a page of history.
event() { tr '{' '\n' <"$body" | grep "\"verb\":\"$1\"" | sed 's/.*"id":\([0-9]*\).*/\1/' | sort -n | tail -n 1; }

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

say "Anna attaches 20 MB and gets the same bytes back"
token=$anna
head -c 20971520 /dev/urandom >"$folder/chart.bin"
sum=$(sha256 "$folder/chart.bin")
ask POST "$api/tasks/$task/attachments/" 201 -F "file=@$folder/chart.bin"
same "$(field sha256)" "$sum"
attachment=$(field id)
ask GET "$api/attachments/$attachment/download/" 200
same "$(sha256 "$body")" "$sum"
rm "$folder/chart.bin"
echo "sha256 $sum"

say "She finds a Russian word in another grammatical form"
call POST "$api/tasks/" 201 "{\"project\":$project,\"title\":\"Покрасить старые маяки\"}"
painted=$(field id)
tries=0
while :; do
    ask GET "$api/search/" 200 -G --data-urlencode "q=маяком" --data "project=$project"
    [ "$(count '^"results":\[$')" -eq 1 ] && [ "$(count "^\"id\":$painted\$")" -ge 1 ] && break
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { echo "not found within 30 s" >&2; cat "$body" >&2; exit 1; }
    sleep 0.5
done
echo "\"маяком\" finds \"Покрасить старые маяки\""

say "Three changes at once: first only to see, then in earnest; one refused operation refuses them all"
operations="{\"op\":\"status\",\"task\":$painted,\"status\":\"review\"},{\"op\":\"edit\",\"task\":$painted,\"priority\":\"low\"},{\"op\":\"comment\",\"task\":$task,\"text\":\"Painted as well.\"}"
call POST "$api/tasks/bulk/" 200 "{\"operations\":[$operations],\"dry_run\":true}"
same "$(count '^"verb":"task.status_changed"')" 1
call GET "$api/tasks/$painted/" 200
same "$(field status)" todo
call POST "$api/tasks/bulk/" 404 "{\"operations\":[$operations,{\"op\":\"trash\",\"task\":999999999}]}"
call GET "$api/tasks/$painted/" 200
same "$(field status)" todo
call POST "$api/tasks/bulk/" 200 "{\"operations\":[$operations]}"
call GET "$api/tasks/$painted/" 200
same "$(field status) $(field priority)" "review low"

say "She takes the change of status back; what somebody changed later stands in the way of undoing"
call GET "$api/tasks/$painted/history/" 200
changed=$(event task.status_changed)
call POST "$api/events/$changed/undo/" 201
call GET "$api/tasks/$painted/" 200
same "$(field status) $(field priority)" "todo low"
call POST "$api/events/$changed/undo/" 409
echo "undone once; the second time: $(field code)"

say "A token for a script reads, and once revoked it doesn't"
call POST "$api/auth/tokens/" 201 '{"name":"Nightly report","scopes":["read"]}'
script_id=$(field id)
script=$(field secret)
token=$script
call GET "$api/tasks/$painted/" 200
call PATCH "$api/tasks/$painted/" 403 '{"title":"Written by a reader"}'
token=$anna
call DELETE "$api/auth/tokens/$script_id/" 204
token=$script
call GET "$api/tasks/$painted/" 401
token=$anna

if [ -n "$second" ]; then
    say "The project moves to $second, and is the same there"
    ask GET "$api/projects/$project/export/" 200
    mv "$body" "$folder/here.zip"
    call GET "$api/tasks/$task/history/" 200
    told=$(count '^"verb":')
    token=
    call POST "$second/api/auth/register/" 201 "{\"username\":\"clara$run\",\"email\":\"clara$run@example.org\",\"password\":\"a lantern in fog\",\"password_confirm\":\"a lantern in fog\"}"
    token=$(field access)
    ask POST "$second/api/import/" 200 -F "file=@$folder/here.zip" -F dry_run=true
    same "$(field tasks)" 201
    call GET "$second/api/projects/" 200
    same "$(count '^"name":"Lighthouse"')" 0
    ask POST "$second/api/import/" 201 -F "file=@$folder/here.zip"
    moved=$(field project)
    call GET "$second/api/tasks/?project=$moved&count=true" 200
    same "$(field count)" 201
    call GET "$second/api/tasks/?project=$moved&status=done" 200
    call GET "$second/api/tasks/$(field id)/history/" 200
    same "$(count '^"verb":"history.imported"')" "$told"
    echo "201 tasks; $key brought its $told events of history"
    ask GET "$second/api/projects/$moved/export/" 200
    same "$(sha256 "$body")" "$(sha256 "$folder/here.zip")"
    echo "exported again, it is the same archive byte for byte, sha256 $(sha256 "$body")"
    token=$anna
else
    say "Skipped: moving the project to a second server (docs/tour.sh $base SECOND-SERVER)"
fi

say "Bad input is refused and named"
call POST "$api/tasks/" 400 "{\"project\":$project,\"title\":\"\",\"status\":\"perhaps\"}"
call GET "$api/tasks/?colour=red" 400
call PATCH "$api/tasks/$task/" 400 '{"due_date":"0000-01-01T00:00:00Z"}'

say "Boris logs out, and his token is dead"
token=$boris
call POST "$api/auth/logout/" 204
call GET "$api/tasks/" 401

printf '\nThat was the tour.\n'
