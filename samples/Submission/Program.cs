// Takes mail from people with a password, over TLS only (RFC 6409). Ctrl+C stops it:
//   dotnet run --project samples/Submission -- cert.pem key.pem 2587
using System;
using System.IO;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo;
using Ehlo.Sasl;
using Ehlo.Server;

if (args.Length is not (2 or 3))
{
    Console.Error.WriteLine("Say where the certificate is, where its private key is, and if you like the port.");
    return 2;
}
SmtpListener listener = SmtpListener.Parse($"127.0.0.1:{(args.Length > 2 ? args[2] : "2587")}");
listener.Tls = TlsMode.StartTls;
listener.Certificates = ServerCertificates.FromPemFiles([(args[0], args[1])]);
listener.IsSubmission = true;
listener.RequireTls = true;
listener.RequireAuthentication = true;

await using var server = new SmtpServer(
    new SmtpServerOptions { ServerName = "submission.example", Listeners = { listener } },
    connection => new SubmissionSession(connection));
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, key) => (key.Cancel, _) = (true, stop.CancelAsync());
Task running = server.RunAsync(stop.Token);
Console.WriteLine($"Listening on {listener.EndPoint}");
await running;
return 0;

internal sealed class SubmissionSession(SmtpServerConnection connection) : SmtpSession(connection)
{
    // A real server keeps no password but a key derived from it, such as Rfc2898DeriveBytes.Pbkdf2 makes.
    private static readonly byte[] Password = "for trials"u8.ToArray();

    public override AuthenticationKinds AuthenticationKinds => AuthenticationKinds.Password;

    protected override ValueTask<AuthenticationResult> OnAuthenticateAsync(AuthenticationRequest request, CancellationToken ct) =>
        new(request is PasswordRequest { AuthenticationIdentity: "app", AuthorizationIdentity: null or "app" } password
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(password.Password), Password)
            ? AuthenticationResult.Accept("app")
            : AuthenticationResult.Refuse());

    // Nobody may submit in another's name.
    protected override ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken ct) =>
        new(transaction.ReversePath.ToString() is "<app@submission.example>" ? Reply.Ok() : Reply.Refuse("Not your address"));

    protected override async ValueTask<Reply> OnMessageAsync(MailTransaction transaction, PipeReader content, CancellationToken ct)
    {
        await content.CopyToAsync(Stream.Null, ct);
        Console.WriteLine($"{Identity?.Name} to {string.Join(", ", transaction.Recipients)}, {transaction.ContentOctets} octets");
        return Reply.Ok();
    }
}
