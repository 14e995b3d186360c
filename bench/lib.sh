# What the benchmarks share; sourced by each of them after "set -euo pipefail". All traffic stays inside 127.77.0.0/16.
#
# Exit codes: 0 measured and as promised, 1 a promise was not kept (mail lost, doubled, too slow), 2 wrong usage,
#             3 something is missing (a program, a build), 124 out of time.
BENCH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
ROOT=$(dirname "$BENCH")
WORK=${BENCH_WORK:-$BENCH/.work} # put it on the disk to be measured
case $WORK in /*) ;; *) WORK=$PWD/$WORK ;; esac
BT='' RUN='' OWN=() COUNTER=0

GATEWAY_IP=127.77.0.1 CARAVAN_PORT=24526 POSTFIX_PORT=24525
SINK_IP=127.77.0.2 SINK_PORT=24600   # the receiver, as smart host
DEAD_IP=127.77.0.3                   # the destination that is not well
MX_NET=127.77.1 MX_HOSTS=64          # the receivers of --domains: $MX_NET.1 to .64, port 25
DNS_IP=127.77.0.53                   # the name server of --domains
SOURCE_NET=127.77.2                  # VirtualMTA vN sends from $SOURCE_NET.N and says vN.bench.test
ROUTE=smarthost                      # or mx

say() { printf '%s\n' "$*"; }
note() { printf '%s\n' "$*" >&2; }
usage_error() { note "${0##*/}: $*, see --help"; exit 2; }
missing() { note "${0##*/}: $*"; exit 3; }
fail() { note "${0##*/}: $*"; exit 1; }
field() { sed -n "s/.*\b$1=\([^ ]*\).*/\1/p" <<<"$2"; } # field NAME LINE: the value in a line of key=value pairs
number() { [[ $2 =~ ^[0-9]+$ ]] || usage_error "$1 wants a number, not '$2'"; }
size_bytes() { case $1 in *k) number --size "${1%k}"; echo $((${1%k} * 1024)) ;; *) number --size "$1"; echo "$1" ;; esac; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
per_second() { awk -v n="$1" -v ns="$2" 'BEGIN { printf "%.0f", (ns > 0 ? n * 1e9 / ns : 0) }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'; }
percent() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.0f", (b > 0 ? 100 * a / b : 0) }'; }
below() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR == 0 ? 0 : NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
help_text() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"; } # the comment at the top of a script

# bounded SECONDS ARGS...: starts the script again under a time limit
bounded() {
    [ -z "${BENCH_BOUNDED:-}" ] || return 0
    local limit=$1
    shift
    BENCH_BOUNDED=1 exec timeout --foreground -k 90 "$limit" "$0" "$@"
}

# ------------------------------------------------------------------------------------------ begin and end
begin() {
    trap cleanup EXIT
    trap 'exit 124' TERM
    trap 'exit 130' INT HUP
    mkdir -p "$WORK/runs" || missing "cannot write below $WORK"
    chmod 755 "$WORK" "$WORK/runs"
    RESULTS=$WORK/results.csv
    BT=$WORK/bt
    if [ ! "$BT" -nt "$BENCH/src/bt.c" ]; then
        command -v gcc >/dev/null || missing "needs gcc"
        gcc -O2 -Wall -Wextra -o "$BT.new" "$BENCH/src/bt.c" || missing "gcc failed"
        mv "$BT.new" "$BT"
    fi
    RUN=$(mktemp -d "$WORK/runs/${0##*/}.XXXXXX")
    chmod 755 "$RUN"
    local port
    for port in "$CARAVAN_PORT" "$POSTFIX_PORT"; do
        ! port_open "$GATEWAY_IP" "$port" || missing "something listens at $GATEWAY_IP:$port already"
    done
}

own() { OWN+=("$1"); } # a process to end with this script
gone() {               # gone PID: it has been waited for
    local p left=()
    for p in ${OWN[@]+"${OWN[@]}"}; do [ "$p" = "$1" ] || left+=("$p"); done
    OWN=(${left[@]+"${left[@]}"})
}
alive() { [ -d "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }

# end_process PID [SECONDS]: TERM, then KILL
end_process() {
    local i
    kill "$1" 2>/dev/null || true
    for ((i = 0; i < ${2:-20} * 20; i++)); do
        alive "$1" || break
        sleep 0.05
    done
    if alive "$1"; then kill -KILL "$1" 2>/dev/null || true; fi
    wait "$1" 2>/dev/null || true
    gone "$1"
}

cleanup() {
    local code=$? p
    set +e
    trap - EXIT
    trap '' INT TERM HUP
    if declare -F postfix_stop >/dev/null; then postfix_stop; fi
    for p in ${OWN[@]+"${OWN[@]}"}; do kill "$p" 2>/dev/null; done
    for p in ${OWN[@]+"${OWN[@]}"}; do end_process "$p" 40; done
    if [ -n "$RUN" ]; then
        if [ -n "${KEEP:-}" ] || { [ $code != 0 ] && [ $code != 2 ] && [ $code != 130 ]; }; then
            note "kept $RUN"
        else
            rm -rf "$RUN"
        fi
    fi
    exit $code
}

port_open() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }
wait_port() { # wait_port IP PORT SECONDS
    local i
    for ((i = 0; i < $3 * 20; i++)); do
        if port_open "$1" "$2"; then return 0; fi
        sleep 0.05
    done
    return 1
}
wait_word() { # wait_word WORD FILE PID SECONDS: until the file has a line that begins with it
    local i
    for ((i = 0; i < $4 * 50; i++)); do
        if grep -q "^$1" "$2" 2>/dev/null; then return 0; fi
        alive "$3" || break
        sleep 0.02
    done
    return 1
}

# ------------------------------------------------------------------------------------------------- Caravan
DIST='' CARAVAN_PID='' READY_MS=''

# The distribution to measure: CARAVAN_DIST, or what ./caravan builds
caravan_dist() {
    [ -z "$DIST" ] || return 0
    if [ -n "${CARAVAN_DIST:-}" ]; then
        DIST=$CARAVAN_DIST
    else
        "$ROOT/caravan" --version >&2 || missing "no distribution of Caravan"
        DIST=$(echo "$ROOT"/routes/target/caravan-[0-9]*/bin/caravan)
        DIST=${DIST%/bin/caravan}
    fi
    [ -x "$DIST/bin/caravan" ] || missing "no Caravan in $DIST"
}

# caravan_start CONFIG HOME [SECONDS]: returns when it is ready; READY_MS says how long that took
caravan_start() {
    local t0
    caravan_dist
    t0=$(now_ms)
    : > "$RUN/caravan.out"
    "$DIST/bin/caravan" run --config "$1" --home "$2" > "$RUN/caravan.out" 2>> "$RUN/caravan.err" </dev/null &
    CARAVAN_PID=$!
    own "$CARAVAN_PID"
    wait_word ready "$RUN/caravan.out" "$CARAVAN_PID" "${3:-60}" || {
        tail -n 20 "$RUN/caravan.out" "$RUN/caravan.err" >&2
        fail "Caravan did not get ready"
    }
    READY_MS=$(($(now_ms) - t0))
}
caravan_stop() { end_process "$CARAVAN_PID" 60; CARAVAN_PID=''; }
caravan_kill() { # without warning
    kill -KILL "$CARAVAN_PID"
    wait "$CARAVAN_PID" 2>/dev/null || true
    gone "$CARAVAN_PID"
    CARAVAN_PID=''
}

# caravan_config VMTAS [DOMAIN-LINE...]: everything to the sink, or by MX; signed by DKIM_KEYS where that is set
caravan_config() {
    local i hosts="smtp-hosts: [ \"$SINK_IP:$SINK_PORT\" ], " signed=''
    echo "host-name: caravan.bench.test"
    echo "smtp-listener: [ \"$GATEWAY_IP:$CARAVAN_PORT\" ]"
    echo "source:"
    echo "  127.0.0.0/8: { always-allow-relaying: true, process-x-virtual-mta: true, default-virtual-mta: v1 }"
    echo "virtual-mta:"
    for ((i = 1; i <= $1; i++)); do echo "  v$i: { smtp-source-host: [ \"$SOURCE_NET.$i v$i.bench.test\" ] }"; done
    echo "acct-file:"
    echo "  - { path: acct.csv, records: [ d, b, t ] }"
    if [ "$ROUTE" = mx ]; then
        hosts=''
        echo "name-server: [ \"$DNS_IP\" ]"
    fi
    shift
    if [ -n "${DKIM_KEYS:-}" ]; then
        echo "domain-key: [ $DKIM_KEYS ]"
        signed=", dkim-sign: yes, dkim-identity: \"@bench.test\", dkim-algorithm: $DKIM_ALGORITHM"
    fi
    echo "domain:"
    echo "  \"*\": { ${hosts}max-smtp-out: 20, max-msg-per-connection: 100, retry-after: [ ${RETRY:-10s} ], bounce-after: 4d12h$signed }"
    [ $# = 0 ] || printf '  %s\n' "$@"
}

# -------------------------------------------------------------------------------- load, receiver and names
# load_start N RUNID OPTIONS... and load_join: bt load at a gateway; LOAD is what it said
LOAD_PID='' LOAD=''
load_start() {
    local n=$1 id=$2
    shift 2
    "$BT" load -h "$GATEWAY_IP" -n "$n" -r "$id" -m 100 "$@" > "$RUN/load.$id" &
    LOAD_PID=$! LOAD_OUT=$RUN/load.$id
    own "$LOAD_PID"
}
load_join() {
    wait "$LOAD_PID" || true # that some were refused is counted by the caller
    gone "$LOAD_PID"
    LOAD=$(cat "$LOAD_OUT")
}
load_run() { load_start "$@"; load_join; }

SINK_PID='' SINK=''
# sink_start N RUNID OPTIONS...: counts so far at $RUN/sink.status; SINK is what it said at the end
sink_start() {
    local n=$1 id=$2 at="$SINK_IP:$SINK_PORT"
    shift 2
    [ "$ROUTE" != mx ] || at="$MX_NET.1-$MX_HOSTS:25"
    rm -f "$RUN/sink.status"
    "$BT" sink -l "$at" -n "$n" -r "$id" -S "$RUN/sink.status" "$@" > "$RUN/sink.out" 2> "$RUN/sink.err" &
    SINK_PID=$!
    own "$SINK_PID"
    wait_word ready "$RUN/sink.err" "$SINK_PID" 5 || missing "the receiver does not start: $(cat "$RUN/sink.err")"
}
sink_count() { field "$1" "$(cat "$RUN/sink.status" 2>/dev/null)"; } # sink_count seen|dup|deferred
# sink_wait NAME COUNT SECONDS: until that many are counted
sink_wait() {
    local i c
    for ((i = 0; i < $3 * 5; i++)); do
        c=$(sink_count "$1")
        [ "${c:-0}" -lt "$2" ] || return 0
        alive "$SINK_PID" || return 0
        sleep 0.2
    done
    return 1
}
sink_join() { # until it has seen all, or nothing for as long as its -t says
    wait "$SINK_PID" || true
    gone "$SINK_PID"
    SINK_PID=''
    SINK=$(cat "$RUN/sink.out")
}
sink_stop() { end_process "$SINK_PID"; SINK_PID=''; SINK=$(cat "$RUN/sink.out"); }
sink_release() { kill -USR1 "$SINK_PID"; } # of a sink with -H or -4

dns_start() { # domains d0.bench.test and so on, their MX hosts among $MX_NET.1 to .64
    local pid
    [ "$(id -u)" = 0 ] || missing "must be root for ports 25 and 53"
    "$BT" dns -l "$DNS_IP:53" -m "$MX_NET.1" -c "$MX_HOSTS" > "$RUN/dns.out" 2> "$RUN/dns.err" &
    pid=$!
    own "$pid"
    wait_word ready "$RUN/dns.err" "$pid" 5 || missing "the name server does not start: $(cat "$RUN/dns.err")"
}

# ----------------------------------------------------------------------------------------------- measuring
# Microseconds of processor time of a process, its threads and its descendants, dead ones included
cpu_us() { field cpu_us "$("$BT" tree -p "$1")"; }

MEMORY_PID=''
memory_start() { # highest anonymous memory of a process and its descendants, looked at every 200 ms
    "$BT" tree -p "$1" -i 200 > "$RUN/memory.out" &
    MEMORY_PID=$!
    own "$MEMORY_PID"
}
memory_stop() { # PEAK_MIB
    end_process "$MEMORY_PID" 5
    MEMORY_PID=''
    PEAK_MIB=$(($(field peak_kib "$(cat "$RUN/memory.out")") / 1024))
}

# busy, idle and waiting-for-disk ticks of the machine; kB written to and flushes of the disk below $WORK
snap() {
    local dev
    dev=$(df --output=source "$WORK" | tail -n 1)
    dev=$(readlink -f "$dev")
    awk -v d="${dev##*/}" '
        $1 == "cpu" { busy = $2 + $3 + $4 + $7 + $8 + $9; idle = $5; io = $6 }
        $3 == d { kb = $10 / 2; flushes = $19 }
        END { printf "%.0f %.0f %.0f %.0f %.0f\n", busy, idle, io, kb, flushes }' /proc/stat /proc/diskstats
}

machine_lines() {
    local dev fs append file
    dev=$(df --output=source "$WORK" | tail -n 1)
    fs=$(df --output=fstype "$WORK" | tail -n 1)
    append=$(field rate "$("$BT" fsync -d "$RUN" -w 1 -t 1 -m append)")
    file=$(field rate "$("$BT" fsync -d "$RUN" -w 20 -t 1 -m file)")
    say "machine   $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r)"
    say "disk      $dev ($fs): $append fdatasync/s of one appending writer, $file new files with fsync/s of 20 writers"
}
jvm_line() {
    local java
    java=$(readlink "/proc/$CARAVAN_PID/exe")
    say "JVM       $("$java" -version 2>&1 | tail -n 1)"
    say "          $(tr '\0' '\n' < "/proc/$CARAVAN_PID/cmdline" | grep -E '^-X|^-D.*netty' | tr '\n' ' ')"
}
fsync_line() { say "fsync     Caravan: journal append and fdatasync before each 250, shared by what arrives together (group commit)"; }
commit_id() { git -C "$ROOT" rev-parse --short HEAD 2>/dev/null || echo unknown; }
run_id() { COUNTER=$((COUNTER + 1)); ID=r$$x$COUNTER; } # a new one in ID

# result SUBJECT CASE KEY=VALUE...: a line of results.csv. Known keys have a column, the others share the last one.
RESULT_COLUMNS="messages accept_rate rate cpu_ms flushes kb peak_mib lost dup"
result() {
    local subject=$1 case=$2 column line rest='' pair
    shift 2
    [ -s "$RESULTS" ] || say "date,commit,bench,subject,case,${RESULT_COLUMNS// /,},more" > "$RESULTS"
    line="$(date -u +%Y-%m-%dT%H:%M:%SZ),$(commit_id),${0##*/},$subject,$case"
    for column in $RESULT_COLUMNS; do line+=",$(field "$column" "$*")"; done
    for pair in "$@"; do
        case " $RESULT_COLUMNS " in *" ${pair%%=*} "*) ;; *) rest+="${rest:+ }$pair" ;; esac
    done
    say "$line,$rest" >> "$RESULTS"
}

# ---------------------------------------------------------------------------------------- parts of some of them
# warm_up N: messages through the gateway to a receiver of their own, not counted: a JVM is slow when new
warm_up() {
    [ "$1" -gt 0 ] || return 0
    run_id
    sink_start "$1" "$ID" -t 20 -g 300
    load_run "$1" "$ID" -p "$CARAVAN_PORT" -T 600
    sink_join
    [ "$(field lost "$SINK")" = 0 ] || fail "warm-up lost mail: $SINK"
}

# sink_progress NAME COUNT SECONDS: until that many are counted, or nothing more for SECONDS
sink_progress() {
    local before=-1 now
    while :; do
        if sink_wait "$1" "$2" "$3"; then return 0; fi
        now=$(sink_count "$1")
        [ "${now:-0}" != "$before" ] || return 1
        before=${now:-0}
    done
}
