using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Ehlo.App.Configuration;
using Ehlo.Sasl;

namespace Ehlo.App.Users;

/// <summary>The users of the configuration and of the users file, which is read again when it has changed. Thread-safe.</summary>
internal sealed class UserDirectory
{
    // A look at the file costs microseconds; who adds a user can wait a second.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, ScramCredential> _configured = new(StringComparer.Ordinal);
    private readonly string? _file;
    private readonly TimeProvider _time;
    private readonly Action<string> _tellError;
    private readonly Lock _gate = new();
    private Dictionary<string, ScramCredential> _fromFile = [];
    private (DateTime Written, long Octets) _seen;
    private long _lookedAt;

    /// <param name="users">Those of the configuration.</param>
    /// <param name="file">The path of the users file, which has been read without fault; null for none.</param>
    /// <param name="time">The clock by which the file is looked at again.</param>
    /// <param name="tellError">Told when a changed file cannot be used; the users that were known stay.</param>
    public UserDirectory(IReadOnlyList<UserOptions> users, string? file, TimeProvider time, Action<string> tellError)
    {
        foreach (UserOptions user in users)
        {
            _configured[user.Name] = user.Credential;
        }
        (_file, _time, _tellError) = (file, time, tellError);
        if (_file is not null)
        {
            _seen = State(_file);
            _fromFile = UsersFile.Read(_file);
        }
        _lookedAt = time.GetTimestamp();
    }

    /// <summary>Whether there may ever be anybody.</summary>
    public bool HasUsers => _configured.Count > 0 || _file is not null;

    /// <summary>A user of the configuration goes before one of the file.</summary>
    public ScramCredential? Find(string name)
    {
        if (!UserName.TryPrepare(name, out string? prepared))
        {
            return null;
        }
        Reload();
        return _configured.GetValueOrDefault(prepared) ?? _fromFile.GetValueOrDefault(prepared);
    }

    private void Reload()
    {
        if (_file is null)
        {
            return;
        }
        lock (_gate)
        {
            if (_time.GetElapsedTime(_lookedAt) < LookInterval)
            {
                return;
            }
            _lookedAt = _time.GetTimestamp();
            (DateTime, long) state = State(_file);
            if (state == _seen)
            {
                return;
            }
            // What is wrong is said once, not with every login.
            _seen = state;
            try
            {
                _fromFile = UsersFile.Read(_file);
            }
            catch (UsersFileException exception)
            {
                _tellError($"the users stay as they were: {exception.Message}");
            }
        }
    }

    private static (DateTime Written, long Octets) State(string file)
    {
        FileInfo state = new(file);
        return state.Exists ? (state.LastWriteTimeUtc, state.Length) : default;
    }
}
