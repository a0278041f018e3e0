namespace Ehlo.App.Search;

/// <summary>Where words are looked for.</summary>
internal enum SearchField : byte
{
    /// <summary>In all that follows, in the text and in the names of attachments.</summary>
    Any,

    /// <summary>The reverse-path and the From field.</summary>
    From,

    /// <summary>The forward-paths and the To field.</summary>
    To,
    Cc,

    /// <summary>The Bcc field, and each forward-path that the To and Cc fields do not name.</summary>
    Bcc,
    ReplyTo,

    /// <summary>From, To, Cc, Bcc and ReplyTo.</summary>
    Addressed,
    Subject,
    MessageId,
}
