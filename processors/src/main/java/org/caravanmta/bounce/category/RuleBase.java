package org.caravanmta.bounce.category;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.bounce.category.Phrase.Piece;
import org.caravanmta.config.bounce.BounceRule;
import org.caravanmta.config.bounce.ReplyCondition;
import org.caravanmta.smtp.EnhancedStatusCode;
import org.caravanmta.smtp.Stage;

/**
 * Our own rules, ready to be asked: the first one in their order that fits a reply. All phrases are looked for in one
 * pass, so the time does not grow with the number of rules. Immutable; any thread.
 */
public final class RuleBase {

    private static final int NO_RULE = Integer.MAX_VALUE;

    private final BounceRule[] rules;
    private final ReplyCondition[] conditions;
    private final int[] withoutText;
    private final Piece[] pieces;
    private final int[][] uses;
    private final int[] ruleOf;
    private final String[] phraseOf;
    private final int[] piecesOf;
    private final PieceSearch search;

    /** What fits, and by which words; {@code phrase} is null when the rule looks at codes alone. */
    record Hit(BounceRule rule, String phrase) {
    }

    /** A piece in a place of a phrase. */
    private record Use(int phrase, int place) {
    }

    /** @param inOrder in the order in which they are asked */
    public RuleBase(List<BounceRule> inOrder) {
        rules = inOrder.toArray(new BounceRule[0]);
        conditions = inOrder.stream().map(BounceRule::when)
                .map(w -> w.equals(ReplyCondition.NONE) ? null : w).toArray(ReplyCondition[]::new);
        Map<Piece, List<Use>> used = new LinkedHashMap<>();
        List<Integer> owners = new ArrayList<>();
        List<String> written = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        List<Integer> plain = new ArrayList<>();
        for (int r = 0; r < rules.length; r++) {
            if (rules[r].texts().isEmpty())
                plain.add(r);
            for (String text : rules[r].texts()) {
                List<Piece> parts = Phrase.parse(text).pieces();
                for (int i = 0; i < parts.size(); i++)
                    used.computeIfAbsent(parts.get(i), _ -> new ArrayList<>()).add(new Use(owners.size(), i));
                owners.add(r);
                written.add(text);
                sizes.add(parts.size());
            }
        }
        withoutText = ints(plain);
        ruleOf = ints(owners);
        piecesOf = ints(sizes);
        phraseOf = written.toArray(new String[0]);
        pieces = used.keySet().toArray(new Piece[0]);
        uses = used.values().stream().map(RuleBase::flat).toArray(int[][]::new);
        search = new PieceSearch(used.keySet().stream().map(Piece::text).toList());
    }

    /** Pairs of phrase and place; later places first, so that one occurrence never serves two places of a phrase. */
    private static int[] flat(List<Use> uses) {
        return uses.reversed().stream().flatMapToInt(u -> java.util.stream.IntStream.of(u.phrase(), u.place()))
                .toArray();
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    public int size() {
        return rules.length;
    }

    /** @return null when no rule fits */
    Hit first(ReplyText reply, Stage stage) {
        Search s = new Search(reply, stage);
        search.search(reply.text(), s);
        return s.hit();
    }

    /** How much work a reply is. */
    int steps(ReplyText reply) {
        return search.search(reply.text(), (_, _, _) -> {
        });
    }

    /** The state of one search; belongs to its thread. */
    private final class Search implements PieceSearch.Found {

        private final ReplyText reply;
        private final String text;
        private final String stage;
        private final EnhancedStatusCode status;
        private int[] progress; // of each phrase of several pieces: how many were found, and where the last one ended
        private int rule = NO_RULE;
        private int phrase;

        Search(ReplyText reply, Stage stage) {
            this.reply = reply;
            this.text = reply.text();
            this.stage = stage == null ? null : stage.name();
            this.status = reply.status();
        }

        @Override
        public void at(int p, int start, int end) {
            Piece piece = pieces[p];
            if (piece.wordStart() && letter(start - 1) || piece.wordEnd() && letter(end))
                return;
            int[] here = uses[p];
            for (int i = 0; i < here.length; i += 2) {
                int candidate = here[i];
                if (ruleOf[candidate] < rule && (piecesOf[candidate] == 1 || last(candidate, here[i + 1], start, end))
                        && fits(ruleOf[candidate])) {
                    rule = ruleOf[candidate];
                    phrase = candidate;
                }
            }
        }

        /** Whether that was the last piece of a phrase. Taking the earliest end of each leaves most room for the next. */
        private boolean last(int candidate, int place, int start, int end) {
            if (progress == null)
                progress = new int[2 * piecesOf.length];
            int at = 2 * candidate;
            if (progress[at] != place || start < progress[at + 1])
                return false;
            progress[at]++;
            progress[at + 1] = end;
            return progress[at] == piecesOf[candidate];
        }

        private boolean fits(int r) {
            ReplyCondition when = conditions[r];
            return when == null || when.fits(reply.code(), status == null ? 0 : status.classCode(),
                    status == null ? 0 : status.subject(), status == null ? 0 : status.detail(), stage);
        }

        private boolean letter(int i) {
            return i >= 0 && i < text.length() && Character.isLetterOrDigit(text.charAt(i));
        }

        Hit hit() {
            for (int r : withoutText)
                if (r < rule && fits(r))
                    return new Hit(rules[r], null);
            return rule == NO_RULE ? null : new Hit(rules[rule], phraseOf[phrase]);
        }
    }
}
