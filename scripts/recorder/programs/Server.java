// SPDX-License-Identifier: GPL-2.0-or-later
// A TLS server of JSSE; its settings are the one argument, as flat JSON of strings.
import java.io.FileInputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

public class Server {
    public static void main(String[] arguments) throws Exception {
        Map<String, String> given = new HashMap<>();
        Matcher matcher = Pattern.compile("\"(\\w+)\": \"?([^\",}]+)").matcher(arguments[0]);
        while (matcher.find()) given.put(matcher.group(1), matcher.group(2));
        if (given.containsKey("groups")) System.setProperty("jdk.tls.namedGroups", given.get("groups"));
        Security.setProperty("jdk.tls.disabledAlgorithms", "");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (given.containsKey("cert")) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            var chain = factory.generateCertificates(new FileInputStream(given.get("cert")));
            String pem = Files.readString(Path.of(given.get("key"))).replaceAll("-----[^-]+-----|\\s", "");
            String kind = chain.iterator().next().getPublicKey().getAlgorithm();
            var key = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
            store.setKeyEntry("k", key, "changeit".toCharArray(), chain.toArray(new Certificate[0]));
        }
        if (given.containsKey("ems")) System.setProperty("jdk.tls.allowLegacyMasterSecret", "false");
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), given.containsKey("clientca") ? trust(given.get("clientca")) : null, null);
        var listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(
            Integer.parseInt(given.get("port")), 50, InetAddress.getByName("127.0.0.1"));
        List<String> order = List.of("1.0", "1.1", "1.2", "1.3");
        var versions = order.subList(order.indexOf(given.get("min")), order.indexOf(given.get("max")) + 1);
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setProtocols(versions.stream().map(each -> each.equals("1.0") ? "TLSv1" : "TLSv" + each).toArray(String[]::new));
        if (given.containsKey("alpn")) parameters.setApplicationProtocols(new String[] {given.get("alpn")});
        if (given.containsKey("strict"))
            parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher(Pattern.quote(given.get("strict")))));
        parameters.setNeedClientAuth(given.containsKey("clientca"));
        listener.setSSLParameters(parameters);
        while (true) {
            SSLSocket socket = (SSLSocket) listener.accept();
            new Thread(() -> {
                try (socket) {
                    socket.startHandshake();
                    socket.getInputStream().read();
                    socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\n".getBytes());
                } catch (Exception expected) {
                    // the client was refused, or left
                }
            }).start();
        }
    }

    static TrustManager[] trust(String file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(file)));
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }
}
