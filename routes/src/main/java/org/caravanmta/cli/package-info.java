/**
 * The command line. Read {@link org.caravanmta.cli.Caravan}; each command is one class.
 */
package org.caravanmta.cli;
