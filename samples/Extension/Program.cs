// A server with an extension of its own: MAIL may say COLOUR=red or blue, and the command XCOLOURS lists what came.
// Try it: swaks has no such parameter, so say it by hand, with: nc -C 127.0.0.1 2525
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo;
using Ehlo.Protocol;
using Ehlo.Server;

int port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2525;
SmtpServerOptions options = new() { Listeners = { SmtpListener.Parse($"127.0.0.1:{port}") } };
options.Extensions.Add(new ColourExtension());
await using SmtpServer server = new(options, connection => new ColourSession(connection));
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, key) => { key.Cancel = true; stop.Cancel(); };
server.Start();
Console.WriteLine($"Listening on {options.Listeners[0].EndPoint}");
await server.RunAsync(stop.Token);

internal sealed record Colour(string Name);

internal sealed class ColourExtension : Extension
{
    public override string Keyword => "X-COLOUR";

    public override IReadOnlyList<string> Verbs => ["XCOLOURS"];

    public override string? EhloParameter(OfferFacts facts) => "RED BLUE";

    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        refusal = null;
        if (parameter.Keyword != "COLOUR") return false;
        if (parameter.Value?.ToUpperInvariant() is "RED" or "BLUE") mail.Set(new Colour(parameter.Value.ToUpperInvariant()));
        else refusal = Malformed(parameter);
        return true;
    }
}

internal sealed class ColourSession(SmtpServerConnection connection) : SmtpSession(connection)
{
    private readonly List<string> _colours = [];

    protected override ValueTask<Reply> OnCommandAsync(string verb, string argument, CancellationToken cancellationToken) =>
        new(Reply.Ok(_colours.Count == 0 ? "None" : string.Join('\n', _colours)));

    protected override async ValueTask<Reply> OnMessageAsync(
        MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        await content.CopyToAsync(Stream.Null, cancellationToken);
        _colours.Add(transaction.Parameters.Get<Colour>()?.Name ?? "no colour");
        return Reply.Ok();
    }
}
