package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.caravanmta.cli.Caravan;

/**
 * The command line in this JVM, one command at a time.
 *
 * @param out what it printed
 * @param err what it complained about
 */
record Cli(int exit, String out, String err) {

    /** A command to the gateway that runs with this home. */
    static Cli ask(Path home, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--home");
        all.add(home.toString());
        return run(all.toArray(String[]::new));
    }

    /** A command that asks no gateway. */
    static Cli run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        System.setOut(new PrintStream(new Mine(said, out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new Mine(complained, err), true, StandardCharsets.UTF_8));
        try {
            int exit = Caravan.execute(arguments);
            return new Cli(exit, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** What the thread that made it writes is kept, everything else goes its usual way. */
    private static final class Mine extends OutputStream {
        private final Thread owner = Thread.currentThread();
        private final OutputStream kept;
        private final OutputStream usual;

        Mine(OutputStream kept, OutputStream usual) {
            this.kept = kept;
            this.usual = usual;
        }

        @Override
        public void write(int b) throws IOException {
            (Thread.currentThread() == owner ? kept : usual).write(b);
        }
    }

    /** What it printed; it must not fail. */
    static String done(Path home, String... arguments) {
        Cli cli = ask(home, arguments);
        assertThat(cli.exit()).as(cli.toString()).isZero();
        return cli.out();
    }

    /** What it complained about; it must be refused. */
    static String refused(Path home, String... arguments) {
        Cli cli = ask(home, arguments);
        assertThat(cli.exit()).as(cli.toString()).isEqualTo(1);
        assertThat(cli.out()).isEmpty();
        return cli.err();
    }
}
