using System;
using System.Collections.Generic;

namespace Ehlo.App.Users;

/// <summary>A users file that cannot be used, with all that is wrong in it.</summary>
internal sealed class UsersFileException(IReadOnlyList<string> problems) : Exception(string.Join("; ", problems))
{
    public IReadOnlyList<string> Problems => problems;
}
