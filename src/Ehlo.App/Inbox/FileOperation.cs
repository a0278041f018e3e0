namespace Ehlo.App.Inbox;

/// <summary>The steps at which a disk can fail or a process can die.</summary>
internal enum FileOperation
{
    Create,
    Write,
    Truncate,
    Flush,
    FlushFolder,
    Delete,
    Rename,

    /// <summary>The commit of a transaction, with its flush of the write-ahead log.</summary>
    Commit,
}
