using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>One message over one connection, or as much of it as is wanted.</summary>
internal sealed class SingleSend(SendSettings settings)
{
    private SendStage Last => settings.StopAfter ?? SendStage.Data;

    /// <returns>What became of each recipient; of none where it stopped before MAIL.</returns>
    /// <exception cref="SmtpConnectionException">The connection failed, or what it cannot do without was refused.</exception>
    public async Task<IReadOnlyList<RecipientResult>> RunAsync(CancellationToken cancellationToken)
    {
        SmtpDestination destination = settings.Route.Destination;
        await using SmtpConnection connection = await SmtpConnection.OpenAsync(destination, settings.Route.Options, cancellationToken);
        if (Last is SendStage.Connect) return [];
        await connection.HelloAsync(null, cancellationToken);
        if (Last is SendStage.Hello) return [];
        if (connection.WantsStartTls)
        {
            await connection.StartTlsAsync(cancellationToken);
            await connection.HelloAsync(null, cancellationToken);
        }
        if (Last is SendStage.Tls) return [];
        if (destination.Credential is { } credential) await connection.AuthenticateAsync(credential, cancellationToken);
        if (Last is SendStage.Auth) return [];
        if (settings.StopAfter is not null) return await StopAsync(connection, cancellationToken);
        return (await connection.SendAsync(settings.Envelope, settings.Contents(1), cancellationToken)).Recipients;
    }

    private async Task<IReadOnlyList<RecipientResult>> StopAsync(SmtpConnection connection, CancellationToken cancellationToken)
    {
        IReadOnlyList<EnvelopeRecipient> recipients = settings.Envelope.Recipients;
        Reply mail = await connection.MailAsync(settings.Envelope, cancellationToken);
        if (!mail.IsPositive || Last is SendStage.Mail) return [.. recipients.Select(recipient => new RecipientResult(recipient, mail))];
        List<RecipientResult> results = [];
        foreach (EnvelopeRecipient recipient in recipients)
        {
            // A server that has said 421 is not asked on, and has refused the rest.
            Reply reply = connection.IsOpen ? await connection.RcptAsync(recipient, cancellationToken) : results[^1].Reply;
            results.Add(new(recipient, reply));
        }
        if (Last is SendStage.Rcpt || !connection.IsOpen || !results.Exists(result => result.IsAccepted)) return results;
        Reply data = await connection.CommandAsync("DATA", cancellationToken);
        if (!data.IsPositive) return [.. results.Select(result => result.IsAccepted ? result with { Reply = data } : result)];
        connection.Abort();
        return results;
    }
}
