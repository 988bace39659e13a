// SPDX-License-Identifier: GPL-2.0-or-later
// Bouncy Castle's JSSE provider (bctls), through an SSLSocket. Options: Wishes.java.
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

public final class BouncyCastle implements Wishes.Client {
    public static void main(String[] arguments) throws Exception {
        java.util.logging.LogManager.getLogManager().reset(); // it tells its alerts to the console as well
        Security.addProvider(new BouncyCastleProvider());
        Security.addProvider(new BouncyCastleJsseProvider());
        Wishes.main(arguments, new BouncyCastle(), BouncyCastleJsseProvider.PROVIDER_NAME);
    }

    @Override
    public void get(Wishes wishes, SSLContext context, PrintStream output) throws Exception {
        try (Socket socket = new Socket(wishes.address, wishes.port);
             SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, wishes.name, wishes.port, true)) {
            SSLParameters parameters = wishes.parameters(tls.getSSLParameters());
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (!wishes.sni) parameters.setServerNames(List.of());
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            String request = "GET / HTTP/1.0\r\nHost: " + wishes.name + "\r\n\r\n";
            tls.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new BufferedReader(new InputStreamReader(tls.getInputStream())).readLine();
            if (answer == null) throw new EOFException("no answer");
            output.println(answer);
        }
    }
}
