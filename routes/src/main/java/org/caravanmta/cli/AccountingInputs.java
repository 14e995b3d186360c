package org.caravanmta.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.caravanmta.accounting.FinishedFiles;
import org.caravanmta.config.accounting.AcctFile.Rotation;
import org.caravanmta.control.ControlClient;
import org.caravanmta.report.Input;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The accounting files of a running gateway. Where several files hold the same types, each type is taken from one of them
 * only, so that nothing counts twice: the first without a filter, else the first.
 *
 * @param inputs finished files and those that are being written
 * @param notes  what is missing in them
 */
record AccountingInputs(List<Input> inputs, List<String> notes) {

    /** @throws IOException no gateway runs there; in words for the operator */
    static AccountingInputs ofGateway(Path home) throws IOException {
        ObjectNode answer = ControlClient.ask(home, RunningGateway.request("accounting-files"));
        if (!answer.path("ok").asBoolean())
            throw new IOException(answer.path("problems").path(0).asText());
        List<Input> inputs = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Set<String> taken = new LinkedHashSet<>();
        for (boolean filtered : new boolean[] { false, true })
            for (JsonNode f : answer.path("files"))
                if (f.path("filtered").asBoolean() == filtered)
                    take(f, home, taken, inputs, notes);
        for (String type : List.of("d", "b", "t"))
            if (!taken.contains(type))
                notes.add("no accounting file of this gateway holds records of type " + type);
        return new AccountingInputs(inputs, notes);
    }

    private static void take(JsonNode file, Path home, Set<String> taken, List<Input> inputs, List<String> notes)
            throws IOException {
        Set<String> types = new LinkedHashSet<>();
        file.path("types").forEach(t -> types.add(t.asText()));
        types.removeAll(taken);
        if (types.isEmpty())
            return;
        taken.addAll(types);
        Path path = home.resolve(file.path("path").asText());
        if (file.path("filtered").asBoolean())
            notes.add(path + " is filtered: its configuration leaves records of type " + String.join(", ", types)
                    + " out");
        Rotation moved = new Rotation(file.hasNonNull("moveTo") ? file.path("moveTo").asText() : null, null, 0, null,
                false, false, null);
        for (Path finished : new FinishedFiles(path, moved, ZoneId.systemDefault()).everywhere())
            inputs.add(new Input(finished, Set.copyOf(types)));
        if (Files.exists(path))
            inputs.add(new Input(path, Set.copyOf(types)));
    }
}
