# Postfix as Debian and Ubuntu package it, with its own configuration, queue and port; sourced after lib.sh.
POSTFIX_PID='' POSTFIX_STARTER='' POSTFIX_DIR=''
POSTFIX_DAEMONS=/usr/lib/postfix/sbin

postfix_needed() {
    [ "$(id -u)" = 0 ] || missing "must be root to run Postfix (or use --peer none)"
    command -v postfix >/dev/null && [ -x $POSTFIX_DAEMONS/master ] || missing "needs Postfix (Debian, Ubuntu: apt install postfix), or --peer none"
}

postfix_config() { # postfix_config PROFILE HELD(0|1): default = the package's parameters; tuned = its tuning guide
    local d=$POSTFIX_DIR/etc
    cat > "$d/main.cf" <<C
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = $POSTFIX_DAEMONS
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
    [ "$ROUTE" = mx ] || echo "relayhost = [$SINK_IP]:$SINK_PORT" >> "$d/main.cf"
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
        [ "$ROUTE" = mx ] || echo "smtp_dns_support_level = disabled" >> "$d/main.cf"
    fi
    [ "$2" = 0 ] || echo "smtpd_client_restrictions = static:HOLD" >> "$d/main.cf"
    cat > "$d/master.cf" <<C
$GATEWAY_IP:$POSTFIX_PORT inet n - n - - smtpd
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

postfix_master() { cat "$POSTFIX_DIR/spool/pid/master.pid" 2>/dev/null | tr -d " " || true; }

postfix_start() { # postfix_start PROFILE HELD
    local box=() i
    POSTFIX_DIR=$RUN/postfix
    rm -rf "$POSTFIX_DIR"
    mkdir -p "$POSTFIX_DIR"/{etc,spool,data,log}
    chown postfix "$POSTFIX_DIR/data"
    postfix_config "$1" "$2"
    if [ "$ROUTE" = mx ]; then # the name server for Postfix alone: nothing mounted here is seen outside
        echo "nameserver $DNS_IP" > "$POSTFIX_DIR/resolv.conf"
        box=(unshare -m -- bash -c 'mount --make-rprivate / && mount --bind "$0" /etc/resolv.conf && exec "$@"' "$POSTFIX_DIR/resolv.conf")
    fi
    ${box[@]+"${box[@]}"} setsid postfix -c "$POSTFIX_DIR/etc" start-fg </dev/null >> "$POSTFIX_DIR/log/start.log" 2>&1 &
    POSTFIX_STARTER=$!
    own "$POSTFIX_STARTER"
    for ((i = 0; i < 400; i++)); do # its master is a child of the shell script that starts it
        POSTFIX_PID=$(postfix_master)
        if [ -n "$POSTFIX_PID" ] && port_open "$GATEWAY_IP" "$POSTFIX_PORT"; then return 0; fi
        alive "$POSTFIX_STARTER" || break
        sleep 0.05
    done
    cat "$POSTFIX_DIR"/log/* >&2
    missing "Postfix does not listen"
}

postfix_stop() { # the master ends its whole process group
    [ -n "$POSTFIX_STARTER" ] || return 0
    [ -n "$POSTFIX_PID" ] || POSTFIX_PID=$(postfix_master)
    [ -z "$POSTFIX_PID" ] || end_process "$POSTFIX_PID"
    end_process "$POSTFIX_STARTER"
    POSTFIX_PID='' POSTFIX_STARTER=''
    rm -rf "$POSTFIX_DIR/spool"
}

# delivery of the held queue: postsuper moves it to the deferred queue, then that is flushed
postfix_release() { # postfix_release PROFILE
    postfix_config "$1" 0
    { postsuper -c "$POSTFIX_DIR/etc" -H ALL; postfix -c "$POSTFIX_DIR/etc" flush; } > "$POSTFIX_DIR/log/release.log" 2>&1
}

postfix_held() { find "$POSTFIX_DIR/spool/hold" -type f | wc -l; } # messages in the hold queue

postfix_fsync_line() { say "          Postfix: own queue file and fsync before each 250 (its normal behaviour, nothing switched off)"; }
