using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Transport;

namespace Ehlo.Client;

/// <summary>AUTH from the client's side (RFC 4954 section 4): chooses a mechanism, and carries its exchange.</summary>
internal sealed class ClientAuthentication(ClientWire wire)
{
    // RFC 4954 section 4: an initial response may not make the command longer than 512 octets with its CRLF; it then goes behind the 334.
    private const int MaxCommandOctets = 510;

    /// <exception cref="SmtpConnectionException">Refused, or nothing fits.</exception>
    public async ValueTask<Reply> RunAsync(SaslCredential credential)
    {
        if (wire.Session.IsAuthenticated) throw new InvalidOperationException("The connection is authenticated already (RFC 4954 section 4).");
        if (wire.Session.HasTransaction) throw new InvalidOperationException("AUTH is not for the middle of a transaction (RFC 4954 section 4).");
        SaslClientContext context = new()
        {
            Host = wire.Destination.Host,
            Port = wire.Destination.Port,
            // Whoever is told to use no mechanism with a binding has none, and does not claim that one was hidden from it (RFC 5802 section 6).
            ChannelBindings = wire.Options.Mechanisms.Any(mechanism => mechanism.Name.EndsWith("-PLUS", StringComparison.Ordinal))
                ? wire.Transport.ChannelBindings
                : [],
            Offered = wire.Extensions.Mechanisms,
            IsSecure = wire.Transport.Tls is not null,
            NewNonce = SaslNonce.New,
        };
        bool allowsPlaintext = wire.Options.AllowPlaintextAuthentication || wire.Destination.IsLocal;
        IReadOnlyList<SaslClientMechanism> usable = SaslClientMechanisms.Candidates(credential, context, wire.Options.Mechanisms, allowsPlaintext);
        if (usable.Count == 0) throw NothingFits(credential, context);
        for (int i = 0; ; i++)
        {
            SaslClientExchange exchange = usable[i].Start(credential, context);
            Reply reply = await ExchangeAsync(usable[i], exchange);
            if (reply.IsPositive) return reply;
            // RFC 4954 section 4: 504, the mechanism is not supported, and 534, it is too weak, are about the mechanism, not the credential.
            if (reply.Code is not (504 or 534) || i == usable.Count - 1 || !wire.IsOpen)
            {
                string said = exchange.ServerError is { } error ? $", having said '{error}'" : "";
                throw new SmtpConnectionException($"The server refused AUTH {usable[i].Name} with '{reply}'{said}: {wire.Destination}.")
                {
                    Asked = $"AUTH {usable[i].Name}",
                    Answered = reply,
                };
            }
        }
    }

    private SmtpConnectionException NothingFits(SaslCredential credential, SaslClientContext context)
    {
        string why = context.Offered.Count == 0 ? "the server offers no authentication"
            : SaslClientMechanisms.Choose(credential, context, wire.Options.Mechanisms, allowPlaintext: true) is { } withoutTls
                ? $"{withoutTls.Name} would show the password without TLS"
                : $"of what the server offers ({string.Join(", ", context.Offered)}) nothing fits the credential";
        return new($"Not authenticated: {why}: {wire.Destination}.");
    }

    private async ValueTask<Reply> ExchangeAsync(SaslClientMechanism mechanism, SaslClientExchange exchange)
    {
        ReadOnlyMemory<byte>? initial = null;
        if (exchange.HasInitialResponse)
        {
            SaslClientStep first = exchange.Respond([]);
            if (first.Kind is SaslClientStepKind.Fail) throw Failed(mechanism, first.Reason!);
            initial = first.ResponseData;
        }
        string shown = $"AUTH {mechanism.Name}";
        bool isPrompt = initial is { } response && shown.Length + 1 + Base64.GetMaxEncodedToUtf8Length(response.Length) <= MaxCommandOctets;
        if (isPrompt) wire.Write(new(ClientVerb.Auth), $"{shown} {Encode(initial!.Value)}", $"{shown} ***");
        else wire.Write(new(ClientVerb.Auth), shown);
        Reply reply = await wire.AskAsync();
        if (reply.Code == 334 && !isPrompt && initial is { } held) reply = await RespondAsync(held);
        while (reply.Code == 334)
        {
            SaslClientStep step = TryDecode(reply.Text, out byte[] challenge)
                ? exchange.Respond(challenge)
                : SaslClientStep.Fail("the server's challenge is not base64");
            if (step.Kind is SaslClientStepKind.Fail)
            {
                // RFC 4954 section 4: "*" gives the exchange up, and the server answers 501.
                wire.Write(new(ClientVerb.Auth), "*");
                await wire.AskAsync();
                throw Failed(mechanism, step.Reason!);
            }
            reply = await RespondAsync(step.ResponseData);
        }
        if (reply.IsPositive && exchange.Complete() is { } doubt)
        {
            // Whoever cannot prove that it knows the password is not the server.
            wire.Session.ForgetIdentity();
            throw wire.GiveUp($"AUTH {mechanism.Name} is not to be believed: {doubt}");
        }
        return reply;
    }

    private ValueTask<Reply> RespondAsync(ReadOnlyMemory<byte> response)
    {
        wire.Write(new(ClientVerb.Auth), Convert.ToBase64String(response.Span), "***");
        return wire.AskAsync();
    }

    private SmtpConnectionException Failed(SaslClientMechanism mechanism, string reason) =>
        new($"AUTH {mechanism.Name} was given up: {reason}: {wire.Destination}.") { Asked = $"AUTH {mechanism.Name}" };

    // RFC 4954 section 4: "=" stands for an empty initial response.
    private static string Encode(ReadOnlyMemory<byte> initial) => initial.IsEmpty ? "=" : Convert.ToBase64String(initial.Span);

    private static bool TryDecode(string text, out byte[] challenge)
    {
        challenge = new byte[Encoding.UTF8.GetByteCount(text)];
        bool isGood = Convert.TryFromBase64String(text.Trim(), challenge, out int length);
        challenge = challenge[..(isGood ? length : 0)];
        return isGood;
    }
}
