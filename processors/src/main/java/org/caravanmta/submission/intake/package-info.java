/**
 * What every way in shares. Read {@link org.caravanmta.submission.intake.Intake}: who hands in
 * ({@link org.caravanmta.submission.intake.Handover}), for whom ({@link org.caravanmta.submission.intake.Envelope}),
 * and what, becomes a {@link org.caravanmta.message.SubmittedMessage}. {@code TextScanner} looks at every byte,
 * {@link org.caravanmta.submission.intake.AddressPath} at every address. Must not know protocols, Camel or the broker.
 */
package org.caravanmta.submission.intake;
