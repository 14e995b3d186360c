/** Handing mail in from Java: {@link org.caravanmta.client.CaravanClient} and what goes with it. */
package org.caravanmta.client;
