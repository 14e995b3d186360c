/**
 * Through which VirtualMTA a message leaves. Read {@link org.caravanmta.vmta.VirtualMtaSelector}, the one precedence,
 * then {@link org.caravanmta.vmta.Selection}. Must not know queues, connections or Camel.
 */
package org.caravanmta.vmta;
