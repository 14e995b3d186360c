import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;

/** Writes accounting files as the exports do. Arguments: a folder, records, records for each file, domains. */
public final class ReportBench {

    private static final String HEAD = "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,"
            + "bounceCat,srcType,srcMta,dlvType,dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,"
            + "queue,vmtaPool\r\n";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssxx")
            .withZone(ZoneOffset.UTC);
    private static final long BEGIN = 1_780_000_000L;
    private static final String[] BIG = { "gmail.com", "outlook.com", "yahoo.com", "gmx.de", "web.de", "icloud.com" };

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        long records = Long.parseLong(args[1]);
        long each = Long.parseLong(args[2]);
        int domains = Integer.parseInt(args[3]);
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder b = new StringBuilder(1 << 17);
        long written = 0;
        for (int file = 1; written < records; file++) {
            try (OutputStream out = Files.newOutputStream(folder.resolve("acct-2026-05-28-%04d.csv".formatted(file)))) {
                b.append(HEAD);
                for (long n = 0; n < each && written < records; n++, written++) {
                    record(b, written, records, domains, random);
                    if (b.length() > 1 << 16) {
                        out.write(b.toString().getBytes(StandardCharsets.US_ASCII));
                        b.setLength(0);
                    }
                }
                out.write(b.toString().getBytes(StandardCharsets.US_ASCII));
                b.setLength(0);
            }
        }
    }

    private static long last = -1;
    private static String lastText;

    private static void record(StringBuilder b, long i, long records, int domains, SplittableRandom random) {
        long at = BEGIN + i * 86_400 / records;
        if (at != last) {
            last = at;
            lastText = TIME.format(Instant.ofEpochSecond(at));
        }
        int kind = random.nextInt(100);
        String type = kind < 90 ? "d" : kind < 95 ? "b" : "t";
        String domain = random.nextInt(10) < 7 ? BIG[random.nextInt(BIG.length)]
                : "d" + random.nextInt(domains) + ".example";
        int vmta = random.nextInt(20);
        String reply = switch (type) {
            case "d" -> "smtp;250 2.0.0 Ok: queued as " + Long.toString(i * 7919, 36);
            case "b" -> "smtp;550 5.1.1 <user" + i + "@" + domain + ">: Recipient address rejected";
            default -> "smtp;421 4.7.0 Try again later, id=" + Long.toString(i * 7919, 36);
        };
        b.append(type).append(',').append(lastText).append(',')
                .append(TIME.format(Instant.ofEpochSecond(at - random.nextInt(1, 1 + random.nextInt(1, 600)))))
                .append(",bounce+").append(i).append("@news.example.com,user").append(i).append('@').append(domain)
                .append(type.equals("d") ? ",,relayed,2.0.0 (success)," : ",,failed,5.1.1 (bad destination mailbox),")
                .append(reply.indexOf(',') >= 0 ? '"' + reply + '"' : reply).append(",mx1.").append(domain)
                .append(" (192.0.2.1),").append(type.equals("d") ? "" : type.equals("b") ? "bad-mailbox" : "other")
                .append(",smtp,client.example.com (10.0.0.1),smtp,192.0.2.7,192.0.2.1,\"PIPELINING,SIZE,8BITMIME\",2048,mta")
                .append(vmta).append(",job-").append(i / 50_000).append(",,").append(domain).append("/mta").append(vmta)
                .append(",news\r\n");
    }
}
