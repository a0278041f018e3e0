using System;
using System.Linq;

namespace Ehlo.Client;

/// <summary>What is known of the recipients of one message, over all its transfers.</summary>
internal sealed class MessageResults(Envelope envelope)
{
    private readonly RecipientResult?[] _results = new RecipientResult?[envelope.Recipients.Count];

    /// <summary>A transfer has ended as the server said.</summary>
    public void Take(MessageTransfer transfer) => transfer.PutResults(_results, onlyDecided: false);

    /// <summary>A transfer has failed: only what is decided is known.</summary>
    public void TakeFailed(MessageTransfer transfer) => transfer.PutResults(_results, onlyDecided: true);

    /// <summary>The whole result; null while there is a recipient of whom nothing is known.</summary>
    public SendResult? Whole() => Array.Exists(_results, result => result is null) ? null : new(_results!);

    /// <summary>The failure of the message, with what is known nevertheless.</summary>
    /// <param name="cause">Why the connection failed.</param>
    /// <param name="isCertain">Whether nobody can have accepted it without saying so.</param>
    public SmtpConnectionException Failure(SmtpConnectionException cause, bool isCertain) => new(cause.Message, cause.InnerException)
    {
        Asked = cause.Asked,
        Answered = cause.Answered,
        MaySendAgain = isCertain && !Array.Exists(_results, result => result is { IsAccepted: true }),
        Known = [.. _results.OfType<RecipientResult>()],
    };
}
