/** Reading certificates. Read {@link org.caravanmta.tls.x509.Certificates}. Must not know whom they are shown to. */
package org.caravanmta.tls.x509;
