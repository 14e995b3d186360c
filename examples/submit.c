/* Hands one mail in by AMQP 1.0 and waits until the broker has it on its disk.
 *
 *   gcc -Wall -o submit submit.c -lqpid-proton        (Debian: libqpid-proton11-dev)
 *   ./submit HOST PORT USER SENDER RECIPIENTS < mail
 *
 * The password stands in the variable CARAVAN_PASSWORD. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <proton/connection.h>
#include <proton/delivery.h>
#include <proton/link.h>
#include <proton/message.h>
#include <proton/proactor.h>
#include <proton/sasl.h>
#include <proton/session.h>
#include <proton/transport.h>

static char mail[1 << 20];
static size_t mail_bytes;
static int sent, code = 1;

static void put_string(pn_data_t *map, const char *name, const char *value)
{
    pn_data_put_string(map, pn_bytes(strlen(name), name));
    pn_data_put_string(map, pn_bytes(strlen(value), value));
}

static void send_letter(pn_link_t *link, char **argv)
{
    pn_message_t *letter = pn_message();
    pn_rwbytes_t encoded = { 0, NULL };
    pn_data_t *properties = pn_message_properties(letter);

    pn_message_set_durable(letter, true);
    pn_message_set_inferred(letter, true); /* the body is data, not a value */
    pn_data_put_binary(pn_message_body(letter), pn_bytes(mail_bytes, mail));
    pn_data_put_map(properties);
    pn_data_enter(properties);
    put_string(properties, "sender", argv[4]);
    put_string(properties, "recipients", argv[5]);
    put_string(properties, "job", "example");
    pn_data_exit(properties);
    pn_delivery(link, pn_dtag("1", 1));
    if (pn_message_send(letter, link, &encoded) < 0)
        fprintf(stderr, "the letter cannot be written\n");
    free(encoded.start);
    pn_message_free(letter);
    sent = 1;
}

static void complain(const char *what, pn_condition_t *condition)
{
    if (pn_condition_is_set(condition))
        fprintf(stderr, "%s: %s: %s\n", what, pn_condition_get_name(condition), pn_condition_get_description(condition));
}

/* 0 when everything is over */
static int handle(pn_event_t *event, char **argv)
{
    pn_connection_t *connection = pn_event_connection(event);

    switch (pn_event_type(event)) {
    case PN_CONNECTION_INIT: {
        pn_session_t *session = pn_session(connection);
        pn_link_t *letters = pn_sender(session, "letters");
        pn_connection_open(connection);
        pn_session_open(session);
        pn_terminus_set_address(pn_link_target(letters), "caravan.submit");
        pn_link_open(letters);
        break;
    }
    case PN_LINK_FLOW:
        if (!sent && pn_link_credit(pn_event_link(event)) > 0)
            send_letter(pn_event_link(event), argv);
        break;
    case PN_DELIVERY:
        if (pn_delivery_remote_state(pn_event_delivery(event)) == PN_ACCEPTED) {
            printf("the broker has it\n");
            code = 0;
        } else {
            complain("refused", pn_disposition_condition(pn_delivery_remote(pn_event_delivery(event))));
        }
        pn_connection_close(connection);
        break;
    case PN_LINK_REMOTE_CLOSE:
        complain("link", pn_link_remote_condition(pn_event_link(event)));
        pn_connection_close(connection);
        break;
    case PN_CONNECTION_REMOTE_CLOSE:
        complain("connection", pn_connection_remote_condition(connection));
        pn_connection_close(connection);
        break;
    case PN_TRANSPORT_CLOSED:
        complain("transport", pn_transport_condition(pn_event_transport(event)));
        break;
    case PN_PROACTOR_INACTIVE:
        return 0;
    default:
        break;
    }
    return 1;
}

int main(int argc, char **argv)
{
    char address[PN_MAX_ADDR];
    pn_proactor_t *proactor = pn_proactor();
    pn_connection_t *connection = pn_connection();
    pn_transport_t *transport = pn_transport();
    const char *password = getenv("CARAVAN_PASSWORD");
    int more = 1;

    if (argc != 6 || !password) {
        fprintf(stderr, "usage: CARAVAN_PASSWORD=... %s HOST PORT USER SENDER RECIPIENTS < mail\n", argv[0]);
        return 2;
    }
    mail_bytes = fread(mail, 1, sizeof mail, stdin);
    pn_connection_set_container(connection, "submit");
    pn_connection_set_user(connection, argv[3]);
    pn_connection_set_password(connection, password);
    pn_sasl_allowed_mechs(pn_sasl(transport), "PLAIN");
    pn_sasl_set_allow_insecure_mechs(pn_sasl(transport), true); /* on loopback; elsewhere set up TLS */
    pn_proactor_addr(address, sizeof address, argv[1], argv[2]);
    pn_proactor_connect2(proactor, connection, transport, address);
    while (more) {
        pn_event_batch_t *events = pn_proactor_wait(proactor);
        pn_event_t *event;
        while (more && (event = pn_event_batch_next(events)))
            more = handle(event, argv);
        pn_proactor_done(proactor, events);
    }
    pn_proactor_free(proactor);
    return code;
}
