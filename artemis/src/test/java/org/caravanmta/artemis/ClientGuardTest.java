package org.caravanmta.artemis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import javax.security.auth.Subject;

import org.apache.activemq.artemis.core.security.CheckType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.caravanmta.config.BrokerUser;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.Secret;

class ClientGuardTest {

    private final Map<String, BrokerUser> users = new HashMap<>();
    private final ClientGuard guard = new ClientGuard();
    private Subject shop;

    @BeforeEach
    void admit() throws Misunderstood {
        users.put("shop", new BrokerUser("shop", new Secret.Form().parse("pässword"), "shop"));
        guard.admit(() -> users);
        shop = guard.authenticate("shop", "pässword", null, null);
    }

    private Set<CheckType> allowed(String address) {
        Set<CheckType> allowed = EnumSet.noneOf(CheckType.class);
        for (CheckType what : CheckType.values())
            if (guard.authorize(shop, Set.of(), what, address))
                allowed.add(what);
        return allowed;
    }

    @Test
    void onlyUsersWithTheirPasswordGetIn() {
        assertThat(shop).isNotNull();
        for (String[] login : new String[][] { { "shop", "password" }, { "shop", "" }, { "shop", null },
                { null, null }, { "other", "pässword" }, { "", "" } })
            assertThat(guard.authenticate(login[0], login[1], null, null)).isNull();
        assertThat(new ClientGuard().authenticate("shop", "pässword", null, null)).isNull();
    }

    @Test
    void mailIsSentAndAnswersAreRead() {
        assertThat(allowed("caravan.submit")).containsExactly(CheckType.SEND);
        for (String own : new String[] { "caravan.reply.shop.1", "caravan.reply.shop.1::caravan.reply.shop.1",
                "0b6fe8a8-f1a2-11ef-9d7b-325096b39f47" })
            assertThat(allowed(own)).contains(CheckType.CONSUME, CheckType.CREATE_ADDRESS)
                    .doesNotContain(CheckType.SEND, CheckType.MANAGE, CheckType.BROWSE);
    }

    @Test
    void allElseIsOutOfReach() {
        for (String other : new String[] { "vmta.a", "retry.1", "order.1", "parked", "events", "events.acct.csv", "#",
                "activemq.management", "caravan.reply.shopping.1", "caravan.reply.shop", "caravan.reply.#",
                "caravan.submitted", "caravan.submit.x", "", "0b6fe8a8-f1a2-11ef-9d7b-325096b39f47.vmta" })
            assertThat(allowed(other)).as(other).isEmpty();
    }

    @Test
    void whoIsGoneMayDoNothing() {
        users.clear();
        assertThat(allowed("caravan.submit")).isEmpty();
        assertThat(allowed("caravan.reply.shop.1")).isEmpty();
    }
}
