# Common parts of the benchmarks; sourced by each of them. Everything stays inside 127.0.0.0/8.
#
# Exit codes: 0 measured and as promised, 1 something promised was not kept (mail lost, doubled, too slow),
#             2 wrong usage, 3 something is missing (a program, a build), 124 out of time.
set -u -o pipefail
BENCH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
ROOT=$(dirname "$BENCH")
WORK=${BENCH_WORK:-$BENCH/.work} # put it on the disk to be measured
BT= RUN= OWN=()

SINK_IP=127.0.0.2 SINK_PORT=24600   # the receiver (smart host)
MX_NET=127.3.0 MX_HOSTS=64          # receivers of the MX mode: $MX_NET.1 to .64, port 25
DNS_IP=127.0.0.53                   # the name server of the MX mode
CARAVAN_PORT=24526 POSTFIX_PORT=24525
SOURCE_IP=127.0.1.1                 # Caravan's VirtualMTA

say() { printf '%s\n' "$*"; }
note() { printf '%s\n' "$*" >&2; }
usage_error() { note "${0##*/}: $*, see --help"; exit 2; }
missing() { note "${0##*/}: $*"; exit 3; }
fail() { note "${0##*/}: $*"; exit 1; }
field() { sed -n "s/.*\b$1=\([^ ]*\).*/\1/p" <<<"$2"; } # field NAME LINE: the value in a line of key=value pairs
number() { [[ $2 =~ ^[0-9]+$ ]] || usage_error "$1 wants a number, not '$2'"; }
per_second() { awk -v n="$1" -v ns="$2" 'BEGIN { printf "%.0f", ns > 0 ? n * 1e9 / ns : 0 }'; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }

help_text() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"; } # the comment at the top of a script

# bounded SECONDS ARGS...: starts the script again under a time limit
bounded() {
    [ -z "${BENCH_BOUNDED:-}" ] || return 0
    local limit=$1
    shift
    BENCH_BOUNDED=1 exec timeout --foreground -k 60 "$limit" "$0" "$@"
}

# ------------------------------------------------------------------------------------------ begin and end
begin() {
    trap cleanup EXIT
    trap 'exit 124' TERM
    trap 'exit 130' INT
    mkdir -p "$WORK/runs" || missing "cannot write below $WORK"
    chmod 755 "$WORK" "$WORK/runs"
    BT=$WORK/bt
    if [ ! "$BT" -nt "$BENCH/src/bt.c" ]; then
        command -v gcc >/dev/null || missing "needs gcc"
        gcc -O2 -Wall -Wextra -o "$BT.new" "$BENCH/src/bt.c" && mv "$BT.new" "$BT" || missing "gcc failed"
    fi
    RUN=$(mktemp -d "$WORK/runs/${0##*/}.XXXXXX")
    chmod 755 "$RUN"
}

own() { OWN+=("$1"); } # a process to end with this script

# end_process PID [SECONDS]: TERM, then KILL
end_process() {
    local i
    kill "$1" 2>/dev/null || { wait "$1" 2>/dev/null; return 0; }
    for ((i = 0; i < ${2:-20} * 20; i++)); do
        [ -d "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null || break
        sleep 0.05
    done
    kill -KILL "$1" 2>/dev/null
    wait "$1" 2>/dev/null
    return 0
}

cleanup() {
    local code=$? p
    trap - EXIT INT TERM
    postfix_stop
    for p in ${OWN[@]+"${OWN[@]}"}; do end_process "$p"; done
    if [ -n "$RUN" ]; then
        if [ -n "${KEEP:-}" ] || { [ $code != 0 ] && [ $code != 2 ]; }; then
            note "kept $RUN"
        else
            rm -rf "$RUN"
        fi
    fi
    exit $code
}

wait_port() { # wait_port IP PORT SECONDS
    local i
    for ((i = 0; i < $3 * 20; i++)); do
        (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null && return 0
        sleep 0.05
    done
    return 1
}

# ------------------------------------------------------------------------------------------------- Caravan
DIST= CARAVAN_PID= READY_MS=

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
    local t0 i
    caravan_dist
    t0=$(now_ms)
    : > "$RUN/caravan.out"
    "$DIST/bin/caravan" run --config "$1" --home "$2" > "$RUN/caravan.out" 2>> "$RUN/caravan.err" </dev/null &
    CARAVAN_PID=$!
    own "$CARAVAN_PID"
    for ((i = 0; i < ${3:-60} * 50; i++)); do
        if grep -q '^ready' "$RUN/caravan.out"; then READY_MS=$(($(now_ms) - t0)); return 0; fi
        kill -0 "$CARAVAN_PID" 2>/dev/null || break
        sleep 0.02
    done
    tail -n 20 "$RUN/caravan.out" "$RUN/caravan.err" >&2
    fail "Caravan did not get ready"
}

caravan_stop() { end_process "$CARAVAN_PID" 60; CARAVAN_PID=; }

# caravan_config RETRY [DOMAIN-LINES]: one VirtualMTA; everything to the sink, or by MX when ROUTE=mx
caravan_config() {
    local hosts="smtp-hosts: [ \"$SINK_IP:$SINK_PORT\" ], "
    cat <<YAML
host-name: caravan.bench.test
smtp-listener: [ "127.0.0.1:$CARAVAN_PORT" ]
source:
  127.0.0.0/8: { always-allow-relaying: true, process-x-virtual-mta: true, default-virtual-mta: v1 }
virtual-mta:
  v1: { smtp-source-host: [ "$SOURCE_IP v1.bench.test" ] }
acct-file:
  - { path: acct.csv, records: [ d, b, t ] }
YAML
    if [ "${ROUTE:-}" = mx ]; then
        hosts=
        echo "name-server: [ \"$DNS_IP\" ]"
    fi
    cat <<YAML
domain:
  "*": { ${hosts}max-smtp-out: 20, max-msg-per-connection: 100, retry-after: [ $1 ], bounce-after: 4d12h }
YAML
    [ -z "${2:-}" ] || printf '  %s\n' "$2"
}

# resident memory of a process just now and at its highest, MiB
memory() { awk '/^VmRSS:/ { r = $2 } /^VmHWM:/ { h = $2 } END { printf "%d MiB, at most %d MiB", r / 1024, h / 1024 }' "/proc/$1/status"; }

# ------------------------------------------------------------------------------------------------- Postfix
POSTFIX_PID= POSTFIX_DIR=

postfix_config() { # postfix_config PROFILE HELD(0|1): default = the package's parameters; tuned = its tuning guide
    local d=$POSTFIX_DIR/etc
    cat > "$d/main.cf" <<C
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
queue_directory = $POSTFIX_DIR/spool
data_directory = $POSTFIX_DIR/data
maillog_file = $POSTFIX_DIR/log/mail.log
maillog_file_prefixes = $POSTFIX_DIR
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = postfix.bench.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = none
smtp_tls_security_level = none
C
    [ "${ROUTE:-}" = mx ] || echo "relayhost = [$SINK_IP]:$SINK_PORT" >> "$d/main.cf"
    if [ "$1" = tuned ]; then
        cat >> "$d/main.cf" <<C
in_flow_delay = 0s
initial_destination_concurrency = 20
default_destination_concurrency_limit = 20
qmgr_message_active_limit = 50000
qmgr_message_recipient_limit = 50000
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
smtputf8_enable = no
local_header_rewrite_clients =
smtpd_recipient_restrictions =
receive_override_options = no_address_mappings
C
        [ "${ROUTE:-}" = mx ] || echo "smtp_dns_support_level = disabled" >> "$d/main.cf"
    fi
    [ "$2" = 0 ] || echo "smtpd_client_restrictions = static:HOLD" >> "$d/main.cf"
    cat > "$d/master.cf" <<C
$POSTFIX_PORT inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
C
}

postfix_needed() {
    [ "$(id -u)" = 0 ] || missing "must be root to run Postfix (or use --only caravan)"
    [ -x /usr/lib/postfix/sbin/master ] || missing "needs Postfix (Debian, Ubuntu: apt install postfix), or --only caravan"
}

postfix_start() { # postfix_start PROFILE HELD
    POSTFIX_DIR=$RUN/postfix
    rm -rf "$POSTFIX_DIR"
    mkdir -p "$POSTFIX_DIR"/{etc,spool,data,log}
    chown postfix "$POSTFIX_DIR/data"
    postfix_config "$1" "$2"
    local box=()
    if [ "${ROUTE:-}" = mx ]; then # the name server for Postfix alone: nothing mounted here is seen outside
        echo "nameserver $DNS_IP" > "$POSTFIX_DIR/resolv.conf"
        box=(unshare -m -- bash -c 'mount --make-rprivate / && mount --bind "$0" /etc/resolv.conf && exec "$@"' "$POSTFIX_DIR/resolv.conf")
    fi
    setsid ${box[@]+"${box[@]}"} postfix -c "$POSTFIX_DIR/etc" start-fg </dev/null >> "$POSTFIX_DIR/log/start.log" 2>&1 &
    POSTFIX_PID=$!
    wait_port 127.0.0.1 "$POSTFIX_PORT" 20 || { cat "$POSTFIX_DIR"/log/* >&2; missing "Postfix does not listen"; }
}

postfix_stop() { # the master ends its whole process group
    [ -n "$POSTFIX_PID" ] || return 0
    end_process "$POSTFIX_PID"
    POSTFIX_PID=
}

# delivery of the held queue: postsuper moves it to the deferred queue, then that is flushed
postfix_release() { # postfix_release PROFILE
    postfix_config "$1" 0
    { postsuper -c "$POSTFIX_DIR/etc" -H ALL; postfix -c "$POSTFIX_DIR/etc" flush; } > "$POSTFIX_DIR/log/release.log" 2>&1
}

# -------------------------------------------------------------------------------------- receiver and names
SINK_PID=

sink_start() { # sink_start N RUNID OPTIONS...: counts at $RUN/sink.status, sum at $RUN/sink.out
    local n=$1 id=$2 i at=(-l "$SINK_IP:$SINK_PORT")
    shift 2
    [ "${ROUTE:-}" != mx ] || at=(-l "$MX_NET.1-$MX_HOSTS:25")
    rm -f "$RUN/sink.status"
    "$BT" sink "${at[@]}" -n "$n" -r "$id" -S "$RUN/sink.status" "$@" > "$RUN/sink.out" 2> "$RUN/sink.err" &
    SINK_PID=$!
    own "$SINK_PID"
    for ((i = 0; i < 250; i++)); do
        grep -q ready "$RUN/sink.err" && return 0
        kill -0 "$SINK_PID" 2>/dev/null || break
        sleep 0.02
    done
    missing "the receiver does not start: $(cat "$RUN/sink.err")"
}

sink_count() { field "$1" "$(cat "$RUN/sink.status" 2>/dev/null)"; }  # sink_count seen|dup|deferred

# sink_wait NAME COUNT SECONDS: until that many are counted
sink_wait() {
    local i c
    for ((i = 0; i < $3 * 5; i++)); do
        c=$(sink_count "$1")
        [ "${c:-0}" -lt "$2" ] || return 0
        kill -0 "$SINK_PID" 2>/dev/null || return 0
        sleep 0.2
    done
    return 1
}

sink_stop() { end_process "$SINK_PID"; SINK_PID=; SINK=$(cat "$RUN/sink.out"); }
sink_join() { wait "$SINK_PID"; SINK_PID=; SINK=$(cat "$RUN/sink.out"); }   # until it has seen all, or is idle

dns_start() { # dns_start DOMAINS: d0.bench.test and so on, their MX hosts among $MX_NET.1 to .64
    local i
    command -v dnsmasq >/dev/null || missing "needs dnsmasq (Debian, Ubuntu: apt install dnsmasq-base)"
    [ "$(id -u)" = 0 ] || missing "must be root for ports 25 and 53"
    {
        printf '%s\n' no-resolv no-hosts port=53 "listen-address=$DNS_IP" bind-interfaces cache-size=0 local-ttl=3600 local=/test/
        for ((i = 1; i <= MX_HOSTS; i++)); do echo "host-record=mx$i.bench.test,$MX_NET.$i"; done
        for ((i = 0; i < $1; i++)); do echo "mx-host=d$i.bench.test,mx$((i % MX_HOSTS + 1)).bench.test,10"; done
    } > "$RUN/dns.conf"
    dnsmasq -k -C "$RUN/dns.conf" -x "" -u root > "$RUN/dns.log" 2>&1 &
    own $!
    wait_port "$DNS_IP" 53 5 || missing "dnsmasq does not answer at $DNS_IP: $(cat "$RUN/dns.log")"
}

# ----------------------------------------------------------------------------------------------- measuring
# Microseconds of processor time used so far by a process, its threads and all its descendants, dead ones too
cpu_us() {
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v root="$1" -v hz="$(getconf CLK_TCK)" '
        { pid = $1; sub(/^.*\) /, ""); parent[pid] = $2; used[pid] = $12 + $13 + $14 + $15 }
        END { for (p in used) { for (q = p; q != root && q in parent && q > 1; q = parent[q]); if (q == root) sum += used[p] }
              printf "%.0f\n", sum * 1e6 / hz }'
}

# busy, idle and waiting-for-disk ticks of the machine; writes, kB and flushes of the disk below $WORK
snap() {
    local c dev
    dev=$(df --output=source "$WORK" | tail -n 1)
    dev=$(readlink -f "$dev")
    read -r _ c < /proc/stat
    set -- $c
    echo "$(($1 + $2 + $3 + $6 + $7 + ${8:-0})) $4 $5 $(awk -v d="${dev##*/}" '$3 == d { print $8, $10 / 2, $19; found = 1 } END { if (!found) print "0 0 0" }' /proc/diskstats)"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print NR == 0 ? 0 : NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

machine_lines() {
    local dev fs
    dev=$(df --output=source "$WORK" | tail -n 1)
    fs=$(df --output=fstype "$WORK" | tail -n 1)
    say "machine   $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r)"
    say "disk      $dev ($fs); $("$BT" fsync -d "$RUN" -w 1 -t 1 -m append | sed 's/.*rate=\([0-9]*\).*/\1/') fdatasync/s of one appending writer, $("$BT" fsync -d "$RUN" -w 20 -t 1 -m file | sed 's/.*rate=\([0-9]*\).*/\1/') new files with fsync/s of 20 writers"
}
jvm_line() {
    local java
    java=$(readlink "/proc/$CARAVAN_PID/exe")
    say "JVM       $("$java" -version 2>&1 | tail -n 1)"
    say "          $(tr '\0' ' ' < "/proc/$CARAVAN_PID/cmdline" | sed 's/^[^ ]* //; s/ -Dcaravan.dist.*//')"
}
fsync_lines() {
    say "fsync     Caravan: journal append and fdatasync before each 250, shared by what arrives together (group commit)"
    say "          Postfix: own queue file and fsync before each 250 (its normal behaviour, nothing switched off)"
}
commit_id() { git -C "$ROOT" rev-parse --short HEAD 2>/dev/null || echo unknown; }
