using System.Collections.Generic;
using System.Linq;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>Counts what became of messages: what is the same but for the reply's words is one group.</summary>
internal sealed class SendTally
{
    private readonly Dictionary<(string Recipient, int Code, EnhancedStatusCode Status), (Group First, int Count)> _groups = [];

    /// <summary>Messages that were taken for all recipients.</summary>
    public int Accepted { get; private set; }

    /// <summary>Messages that were refused for some or all recipients.</summary>
    public int Refused { get; private set; }

    /// <summary>Messages that a failed connection took with it.</summary>
    public int Failed => Failures.Values.Sum();

    /// <summary>Why connections failed, with the messages of each.</summary>
    public Dictionary<string, int> Failures { get; } = [];

    /// <summary>The failure that says most: one after which nobody knows whether the message arrived, else the first.</summary>
    public SmtpConnectionException? Failure { get; private set; }

    public IEnumerable<(Group Group, int Count)> Groups => _groups.Values.Select(entry => (entry.First, entry.Count));

    public void Add(IReadOnlyList<RecipientResult> results)
    {
        if (results.All(result => result.IsAccepted)) Accepted++;
        else Refused++;
        AddGroups(results);
    }

    public void Add(SmtpConnectionException failure)
    {
        string text = ShownText.Of(failure.Message);
        Failures[text] = Failures.GetValueOrDefault(text) + 1;
        if (Failure is null || (Failure.MaySendAgain && !failure.MaySendAgain)) Failure = failure;
        AddGroups(failure.Known);
    }

    private void AddGroups(IEnumerable<RecipientResult> results)
    {
        foreach (RecipientResult result in results)
        {
            (string, int, EnhancedStatusCode) key = (result.Recipient.ToString(), result.Reply.Code, result.Reply.Status);
            (Group First, int Count) entry = _groups.GetValueOrDefault(key, (new(ShownText.Of(key.Item1), result.Reply, result.IsLocal), 0));
            _groups[key] = (entry.First, entry.Count + 1);
        }
    }

    /// <param name="Recipient">With its brackets.</param>
    /// <param name="Reply">The first of these replies.</param>
    /// <param name="IsLocal">Whether no server was asked.</param>
    internal sealed record Group(string Recipient, Reply Reply, bool IsLocal);
}
