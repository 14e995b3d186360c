/** What it takes to have written something. Knows nothing of what is written. */
package org.caravanmta.disk;
