package org.caravanmta.cli;

import picocli.CommandLine.Command;

/** {@code caravan dkim}: keys, from making them to their end. */
@Command(name = "dkim", mixinStandardHelpOptions = true, description = "Makes, checks and changes DKIM keys.",
        subcommands = { DkimKeygenCommand.class, DkimCheckCommand.class, DkimRotateCommand.class })
final class DkimCommand {
}
