// SPDX-License-Identifier: GPL-2.0-or-later
// Java's HttpClient (java.net.http), as it has been since Java 11. Options: Wishes.java.
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

public final class JavaHttpClient implements Wishes.Client {
    public static void main(String[] arguments) throws Exception {
        Wishes.main(arguments, new JavaHttpClient());
    }

    @Override
    public void get(Wishes wishes, SSLContext context, PrintStream output) throws Exception {
        wishes.resolve();
        // It offers h2 and http/1.1, or nothing by name (jdk.internal.net.http.AbstractAsyncSSLConnection).
        boolean h2 = wishes.protocols != null && String.join(",", wishes.protocols).equals("h2,http/1.1");
        HttpClient client = HttpClient.newBuilder()
                                .sslContext(context)
                                .sslParameters(parameters(wishes, context))
                                .version(h2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                                .build();
        URI uri = URI.create("https://" + wishes.name + ":" + wishes.port + "/");
        HttpResponse<Void> response =
            client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
        output.println(response.version().toString().replace("_1_1", "/1.1").replace("_2", "/2") + " " +
                       response.statusCode());
    }

    private static SSLParameters parameters(Wishes wishes, SSLContext context) {
        return wishes.parameters(context.getDefaultSSLParameters());
    }
}
