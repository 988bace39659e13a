// SPDX-License-Identifier: GPL-2.0-or-later
// What the Java clients share: their options, PEM files as JSSE wants them, and the loop of a warm process.
import java.io.ByteArrayOutputStream;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

final class Wishes {
    interface Client {
        /** One connection; prints the first line of the answer. */
        void get(Wishes wishes, SSLContext context, PrintStream output) throws Exception;
    }

    String address = "127.0.0.1";
    int port;
    String name;
    String ca;
    String[] versions;
    String[] ciphers;
    String[] protocols;
    String chain;
    String key;
    String crl;
    boolean sni = true; // where the client can leave it out of one connection
    boolean staple;
    boolean resume;
    private boolean legacy;
    private Integer clock; // seconds that it is wrong

    private Wishes() {}

    /** A cold run, or with --serve a warm process. */
    static void main(String[] arguments, Client client) throws Exception {
        main(arguments, client, null);
    }

    static void main(String[] arguments, Client client, String jsse) throws Exception {
        provider = jsse;
        prepareNames();
        if (arguments.length == 1 && arguments[0].equals("--serve"))
            serve(client);
        else
            System.exit(run(arguments, client, System.out, System.err));
    }

    private static int run(String[] arguments, Client client, PrintStream output, PrintStream errors) {
        try {
            Wishes wishes = new Wishes();
            wishes.parse(arguments);
            SSLContext context = wishes.context();
            client.get(wishes, context, output);
            if (wishes.resume) client.get(wishes, context, output);
            return 0;
        } catch (Throwable failure) {
            errors.println(failure);
            for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause())
                errors.println("Caused by: " + cause);
            return 1;
        }
    }

    private void parse(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
            case "--connect" -> address = arguments[++i];
            case "--port" -> port = Integer.parseInt(arguments[++i]);
            case "--name" -> name = arguments[++i];
            case "--ca" -> ca = arguments[++i];
            case "--versions" -> versions = arguments[++i].split(",");
            case "--ciphers" -> ciphers = arguments[++i].split(",");
            case "--alpn" -> protocols = arguments[++i].split(",");
            case "--cert" -> chain = arguments[++i];
            case "--key" -> key = arguments[++i];
            case "--crl" -> crl = arguments[++i];
            case "--clock" -> clock = Integer.valueOf(arguments[++i]);
            case "--staple" -> staple = true;
            case "--resume" -> resume = true;
            case "--no-sni" -> sni = false;
            case "--property" -> {
                String[] property = arguments[++i].split("=", 2);
                System.setProperty(property[0], property[1]);
            }
            case "--legacy" -> legacy = true;
            default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        // conf/security/java.security has the list of what the JDK has switched off since.
        if (legacy || asksForStaticRsa(ciphers)) Security.setProperty("jdk.tls.disabledAlgorithms", "");
    }

    /** jdk.tls.disabledAlgorithms of 17.0.21 has TLS_RSA_*. */
    private static boolean asksForStaticRsa(String[] ciphers) {
        return ciphers != null && Arrays.stream(ciphers).anyMatch(cipher -> cipher.startsWith("TLS_RSA_"));
    }

    private static String provider; // of TLS; null: the JDK's own

    /** A fresh one, that knows no session. */
    SSLContext context() throws IOException {
        try {
            SSLContext context =
                provider == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", provider);
            context.init(keys(), trust(), null);
            return context;
        } catch (GeneralSecurityException failure) {
            throw new IOException(failure);
        }
    }

    SSLParameters parameters(SSLParameters parameters) {
        if (versions != null) parameters.setProtocols(versions);
        if (ciphers != null) parameters.setCipherSuites(ciphers);
        if (protocols != null) parameters.setApplicationProtocols(protocols);
        return parameters;
    }

    private TrustManager[] trust() throws GeneralSecurityException, IOException {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        for (Certificate certificate : ca == null ? List.<Certificate>of() : certificates(ca))
            anchors.setCertificateEntry("anchor" + anchors.size(), certificate);
        TrustManagerFactory factory = provider == null ? TrustManagerFactory.getInstance("PKIX")
                                                       : TrustManagerFactory.getInstance("PKIX", provider);
        if (staple || crl != null)
            factory.init(new CertPathTrustManagerParameters(revocation(anchors)));
        else if (clock != null)
            factory.init(new CertPathTrustManagerParameters(atAnotherTime(anchors)));
        else
            factory.init(anchors);
        return factory.getTrustManagers();
    }

    private PKIXBuilderParameters atAnotherTime(KeyStore anchors) throws GeneralSecurityException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setDate(new Date(System.currentTimeMillis() + 1000L * clock));
        parameters.setRevocationEnabled(false);
        return parameters;
    }

    private PKIXBuilderParameters revocation(KeyStore anchors)
        throws GeneralSecurityException, IOException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        PKIXRevocationChecker checker =
            (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        EnumSet<PKIXRevocationChecker.Option> options =
            EnumSet.of(PKIXRevocationChecker.Option.ONLY_END_ENTITY, PKIXRevocationChecker.Option.NO_FALLBACK);
        if (crl != null) {
            options.add(PKIXRevocationChecker.Option.PREFER_CRLS);
            try (FileInputStream file = new FileInputStream(crl)) {
                Collection<? extends CRL> lists = CertificateFactory.getInstance("X.509").generateCRLs(file);
                parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
            }
        }
        checker.setOptions(options);
        parameters.addCertPathChecker(checker);
        return parameters;
    }

    private KeyManager[] keys() throws GeneralSecurityException, IOException {
        if (chain == null) return null;
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] password = "changeit".toCharArray();
        Certificate[] certificates = certificates(chain).toArray(new Certificate[0]);
        store.setKeyEntry("client", privateKey(certificates[0].getPublicKey().getAlgorithm()), password, certificates);
        KeyManagerFactory factory = provider == null ? KeyManagerFactory.getInstance("SunX509")
                                                     : KeyManagerFactory.getInstance("X.509", provider);
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    private static Collection<? extends Certificate> certificates(String path)
        throws GeneralSecurityException, IOException {
        try (FileInputStream file = new FileInputStream(path)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(file);
        }
    }

    private static final Pattern PEM = Pattern.compile("-----BEGIN (EC |RSA |)PRIVATE KEY-----([^-]*)-----END");

    /** KeyFactory takes PKCS#8 alone; keys in their algorithm's own format are wrapped into it. */
    private PrivateKey privateKey(String certified) throws GeneralSecurityException, IOException {
        Matcher pem = PEM.matcher(Files.readString(Path.of(key)));
        if (!pem.find()) throw new IOException("no private key in " + key);
        byte[] content = Base64.getMimeDecoder().decode(pem.group(2));
        String algorithm = pem.group(1).isBlank() ? certified : pem.group(1).strip();
        if (pem.group(1).startsWith("EC")) {
            // AlgorithmIdentifier: id-ecPublicKey and the curve, which ECPrivateKey (RFC 5915) holds in its [0].
            int tag = 2 + 3 + 1 + 1 + content[6]; // SEQUENCE, version, OCTET STRING
            byte[] curve = Arrays.copyOfRange(content, tag + 2, tag + 2 + content[tag + 1]);
            content = wrap(join(new byte[] {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1}, curve), content);
        } else if (pem.group(1).startsWith("RSA")) {
            byte[] rsa = {6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0};
            content = wrap(rsa, content);
        }
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return der(0x30, join(join(new byte[] {2, 1, 0}, der(0x30, algorithm)), der(4, key)));
    }

    private static byte[] der(int tag, byte[] content) {
        int length = content.length;
        byte[] header = length < 128   ? new byte[] {(byte) tag, (byte) length}
                        : length < 256 ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                                       : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return join(header, content);
    }

    private static byte[] join(byte[] head, byte[] tail) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(head);
        whole.writeBytes(tail);
        return whole.toByteArray();
    }

    private static RandomAccessFile hosts; // the JDK's own hosts file, for clients that look the name up themselves

    /**
     * Before any address is touched: InetAddress reads the property once, and the file each time. The file has no name
     * but its descriptor's: a warm process is killed in the end, and would leave it behind.
     */
    private static void prepareNames() throws IOException {
        Path path = Files.createTempFile("alert40-hosts", "").toRealPath();
        hosts = new RandomAccessFile(path.toFile(), "rw");
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            System.setProperty("jdk.net.hosts.file",
                    descriptors.filter(each -> leadsTo(each, path)).findFirst().orElseThrow().toString());
        }
        Files.delete(path);
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private static boolean leadsTo(Path link, Path target) {
        try {
            return Files.readSymbolicLink(link).equals(target);
        } catch (IOException gone) { // the descriptor that lists them
            return false;
        }
    }

    void resolve() throws IOException {
        String undotted = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        hosts.setLength(0);
        hosts.write((address + " " + name + " " + undotted + "\n").getBytes(StandardCharsets.UTF_8));
    }

    // ---- a warm process: one JSON object a line in, one out

    private static final Pattern ID = Pattern.compile("\"id\":\\s*(\\d+)");
    private static final Pattern ARGUMENTS = Pattern.compile("\"arguments\":\\s*\\[((?:[^\\]\"]|\"(?:[^\"\\\\]|\\\\.)*+\")*+)\\]");
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"");

    private static void serve(Client client) throws Exception {
        rehearse(client);
        BufferedReader jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String job = jobs.readLine(); job != null; job = jobs.readLine()) {
            Matcher id = ID.matcher(job);
            Matcher words = ARGUMENTS.matcher(job);
            if (!id.find() || !words.find()) throw new IOException("not a job: " + job);
            List<String> arguments = new ArrayList<>();
            for (Matcher word = STRING.matcher(words.group(1)); word.find();) arguments.add(unescape(word.group(1)));
            System.out.println(serve(id.group(1), arguments, client));
        }
    }

    /** A handshake that a server ends at once: what every run needs is loaded then. */
    private static void rehearse(Client client) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread refusal = new Thread(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 2, 40}); // handshake_failure
                } catch (IOException ended) {
                    // by the client
                }
            });
            refusal.start();
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
            run(new String[] {"--port", "" + server.getLocalPort(), "--name", "rehearsal.test"}, client, nowhere, nowhere);
        }
    }

    private static String serve(String id, List<String> arguments, Client client) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = needsOwnProcess(arguments) ? runAlone(client, arguments, output, errors)
                         : run(arguments.toArray(new String[0]), client, new PrintStream(output, true),
                               new PrintStream(errors, true));
        return String.format("{\"id\": %s, \"output\": \"%s\", \"errors\": \"%s\", \"exit_code\": %d}", id,
                             escape(output.toString(StandardCharsets.UTF_8)),
                             escape(errors.toString(StandardCharsets.UTF_8)), code);
    }

    /** Properties hold for a whole process, and its TLS classes read them once. */
    private static boolean needsOwnProcess(List<String> arguments) {
        int ciphers = arguments.indexOf("--ciphers");
        return arguments.contains("--property") || arguments.contains("--legacy") ||
            (ciphers >= 0 && asksForStaticRsa(arguments.get(ciphers + 1).split(",")));
    }

    private static int runAlone(Client client, List<String> arguments, ByteArrayOutputStream output,
                                ByteArrayOutputStream errors) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main(client)));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        Thread reader = new Thread(() -> {
            try {
                process.getErrorStream().transferTo(errors);
            } catch (IOException ended) {
                // what it said until then counts
            }
        });
        reader.start();
        process.getInputStream().transferTo(output);
        reader.join();
        return process.waitFor();
    }

    private static String main(Client client) {
        return client.getClass().getName();
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            c = text.charAt(++i);
            switch (c) {
            case 'n' -> plain.append('\n');
            case 'r' -> plain.append('\r');
            case 't' -> plain.append('\t');
            case 'b' -> plain.append('\b');
            case 'f' -> plain.append('\f');
            case 'u' -> {
                plain.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
                i += 4;
            }
            default -> plain.append(c);
            }
        }
        return plain.toString();
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\')
                escaped.append('\\').append(c);
            else if (c < ' ')
                escaped.append(String.format("\\u%04x", (int) c));
            else
                escaped.append(c);
        }
        return escaped.toString();
    }
}
