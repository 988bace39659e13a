// SPDX-License-Identifier: GPL-2.0-or-later
// Java's HttpsURLConnection, as it has been since Java 1.4. Options: Wishes.java.
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

public final class HttpsUrlConnection implements Wishes.Client {
    public static void main(String[] arguments) throws Exception {
        System.setProperty("http.keepAlive", "false");
        Wishes.main(arguments, new HttpsUrlConnection());
    }

    @Override
    public void get(Wishes wishes, SSLContext context, PrintStream output) throws Exception {
        wishes.resolve();
        URL url = new URL("https://" + wishes.name + ":" + wishes.port + "/");
        HttpsURLConnection connection = (HttpsURLConnection) url.openConnection();
        connection.setSSLSocketFactory(new Factory(context, wishes));
        connection.getResponseCode(); // throws where there is no answer
        output.println(connection.getHeaderField(0));
        connection.disconnect();
    }

    /** The only way to say which versions, suites and protocols one connection may use. */
    private static final class Factory extends SSLSocketFactory {
        private final SSLContext context;
        private final SSLSocketFactory factory;
        private final Wishes wishes;

        Factory(SSLContext context, Wishes wishes) {
            this.context = context;
            this.factory = context.getSocketFactory();
            this.wishes = wishes;
        }

        @Override
        public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
            // HttpsURLConnection repeats a request that got no answer by itself, and the context has a session then.
            SSLContext fresh = wishes.resume ? context : wishes.context();
            SSLSocket tls = (SSLSocket) fresh.getSocketFactory().createSocket(socket, host, port, autoClose);
            tls.setSSLParameters(wishes.parameters(tls.getSSLParameters()));
            return tls;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return factory.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return factory.getSupportedCipherSuites();
        }

        // HttpsURLConnection connects by itself, and has TLS put on top.
        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }
    }
}
